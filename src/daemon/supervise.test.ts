import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCrash } from './crash.ts';
import { placeOf } from './place.ts';
import { isAlive } from './processes.ts';

const bin = resolve(import.meta.dirname, '../../bin');
const instance = 'an-instance';
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callsheet supervise '));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Both supervisors keep the same rules. */
describe.each([
  ['supervise.sh', ['sh', join(bin, 'supervise.sh')]],
  ['supervise.mjs', [process.execPath, join(bin, 'supervise.mjs')]],
])('%s', (_name, runner) => {
  /** Runs `body` as the server; each run appends a line to `runs`. */
  function supervise(body: string): Promise<{ code: number | null; output: string }> {
    const count = `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'runs'))}, process.pid + '\\n');`;
    writeFileSync(join(folder, 'server.cjs'), count + body);
    const command = [process.execPath, join(folder, 'server.cjs')];
    const files = [join(folder, 'state.json'), join(folder, 'last-crash.json')];
    const started = spawn(runner[0], [...runner.slice(1), ...files, instance, ...command]);
    child = started;
    let output = '';
    started.stdout.on('data', (chunk) => {
      output += chunk;
    });
    return new Promise((settle) => started.once('close', (code) => settle({ code, output })));
  }

  const cameUp = (): void => writeFileSync(join(folder, 'state.json'), JSON.stringify({ instance }));
  const crash = () => {
    const paths = { projectRoot: folder, stateFile: join(folder, 'state.json'), logDir: folder };
    return readCrash(placeOf(paths));
  };
  const runs = (): string[] => {
    try {
      return readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };

  it('ends with a server that was asked to end', async () => {
    cameUp();
    expect((await supervise('')).code).toBe(0);
    expect(runs()).toHaveLength(1);
    expect(crash()).toBeUndefined();
  });

  it('does not insist on a server that never came up', async () => {
    const { code, output } = await supervise('process.exit(3)');
    expect(code).toBe(1);
    expect(runs()).toHaveLength(1);
    expect(JSON.parse(output)).toMatchObject({
      level: 'ERROR',
      message: 'The server did not come up',
      code: 3,
    });
    expect(crash()).toMatchObject({ code: 3, signal: null, gave_up: true, quick_deaths: 1 });
  });

  it('starts a crashed server again, and gives up after five quick deaths', async () => {
    cameUp();
    const { code, output } = await supervise('process.exit(7)');
    expect(code).toBe(1);
    expect(runs()).toHaveLength(5);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ message }) => message)).toEqual([
      ...[0, 1, 2, 4].map((delay) => `The server crashed; starting it again in ${delay} s`),
      'The server crashed again and again; the supervisor gives up',
    ]);
    expect(crash()).toMatchObject({ code: 7, gave_up: true, quick_deaths: 5 });
  }, 60_000);

  it('hands SIGTERM on, once, and waits for the server to end', async () => {
    cameUp();
    const body = `let n = 0; process.on('SIGTERM', () => { n++; setTimeout(() => process.exit(n === 1 ? 0 : 9), 300); }); setInterval(() => {}, 1000);`;
    const done = supervise(body);
    while (runs().length === 0) await sleep(20);
    await sleep(100);
    child?.kill('SIGTERM');
    expect((await done).code).toBe(0);
    expect(isAlive(Number(runs()[0]))).toBe(false);
    expect(crash()).toBeUndefined();
  });

  it('names the signal that killed the server', async () => {
    cameUp();
    const done = supervise(
      `if (require('node:fs').readFileSync(${JSON.stringify(join(folder, 'runs'))}, 'utf8').split('\\n').length > 2) process.exit(0); process.kill(process.pid, 'SIGKILL');`,
    );
    expect((await done).code).toBe(0);
    expect(crash()).toMatchObject({ signal: 'SIGKILL', gave_up: false });
  });
});
