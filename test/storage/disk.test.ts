/** Disks that do not take what is written: full, limited, read-only. Each in a process of its own, on the real thing. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decision } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

const script = join(import.meta.dirname, 'trouble.ts');
const node = [process.execPath, '--import', 'tsx', script] as const;
const isPosix = process.platform !== 'win32';

let place: Temporary;
beforeEach(() => {
  place = temporary();
});
afterEach(() => {
  chmodSync(place.directory, 0o700);
  place.remove();
});

async function populate(): Promise<void> {
  const storage = await place.open();
  await storage.recordDecision(decision('t1'));
  await storage.close();
}

/** Runs `sh` with the script's command line as "$@"; answers what the script printed. */
function runUnder(shell: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [command, ...rest] = env.unshare === '1' ? ['unshare', '-Urm', 'sh'] : ['sh'];
  const { stdout, stderr } = spawnSync(String(command), [...rest, '-c', shell, 'sh', ...node, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as {
    before: number;
    refusal?: string;
    sound: boolean;
    warnings: string[];
    read: number;
    lost: string[];
    recovered: { refusal: string | null; sound: boolean };
  };
}

/** Whether this system lets us mount a small file system of our own. */
const canMount =
  isPosix &&
  spawnSync('unshare', ['-Urm', 'sh', '-c', `mount -t tmpfs -o size=1m callsheet ${tmpdir()}`]).status === 0;

describe('a disk that makes trouble', () => {
  it.skipIf(!canMount)(
    'full: refuses what it cannot keep, serves the rest, goes on when there is room',
    () => {
      mkdirSync(place.directory, { mode: 0o700 });
      const filler = join(place.directory, 'filler');
      const shell = `mount -t tmpfs -o size=2m callsheet ${place.directory} && head -c 1000000 /dev/zero > ${filler} && exec "$@"`;
      const seen = runUnder(shell, [place.directory, filler], {
        unshare: '1',
        CALLSHEET_TEST_STAY_ROOT: '1',
      });
      expect(seen).toMatchObject({ refusal: 'unavailable', sound: false, lost: [] });
      expect(seen.warnings.join()).toContain('FULL');
      expect(seen.read).toBeGreaterThan(10);
      expect(seen.recovered).toEqual({ refusal: null, sound: true });
    },
  );

  it.skipIf(!canMount)('full from the start: serves what it knows', async () => {
    await populate();
    const mounted = mkdtempSync(join(tmpdir(), 'callsheet-full-'));
    const shell = `mount -t tmpfs -o size=400k callsheet ${mounted} && cp ${place.database} ${mounted} \
      && head -c 9999999 /dev/zero > ${mounted}/filler 2>/dev/null; exec "$@"`;
    const seen = runUnder(shell, [mounted], { unshare: '1', CALLSHEET_TEST_STAY_ROOT: '1' });
    rmSync(mounted, { recursive: true });
    expect(seen).toMatchObject({ before: 1, refusal: 'unavailable', sound: false, read: 1 });
  });

  it.skipIf(!isPosix)('limited: a file that may not grow is a refusal, not a crash', () => {
    mkdirSync(place.directory);
    makeReadable();
    chmodSync(place.directory, 0o777);
    const seen = runUnder('ulimit -f 1000; exec "$@"', [place.directory]);
    expect(seen).toMatchObject({ refusal: 'unavailable', sound: false, lost: [] });
    expect(seen.read).toBeGreaterThan(5);
  });

  it.skipIf(!isPosix)(
    'read-only: serves what it knows, refuses what is new, leaves nothing behind',
    async () => {
      await populate();
      makeReadable();
      chmodSync(place.directory, 0o555);
      const before = readdirSync(place.directory);
      const seen = runUnder('exec "$@"', [place.directory]);
      expect(seen).toMatchObject({ before: 1, refusal: 'unavailable', sound: false, read: 1 });
      expect(seen.warnings).toEqual([expect.stringContaining('nothing new is remembered')]);
      expect(readdirSync(place.directory)).toEqual(before);
    },
  );

  it.skipIf(!isPosix)('read-only and empty: starts all the same', () => {
    mkdirSync(place.directory);
    makeReadable();
    chmodSync(place.directory, 0o555);
    const seen = runUnder('exec "$@"', [place.directory]);
    expect(seen).toMatchObject({ before: 0, refusal: 'unavailable', sound: false });
    expect(seen.warnings).toEqual([expect.stringContaining('nothing is remembered')]);
    expect(existsSync(place.database)).toBe(false);
  });
});

/** For nobody, whom the script becomes when root runs the tests. */
function makeReadable(): void {
  chmodSync(dirname(place.directory), 0o755);
  for (const file of readdirSync(place.directory)) chmodSync(join(place.directory, file), 0o444);
}
