import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherHolder, withStartLock } from './start-lock.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callsheet-lock-'));
  file = join(folder, 'deep', 'start.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the lock of a start', () => {
  it('lets one work at a time, and is gone afterwards', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withStartLock(file, 10_000, work)));
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('ends with work that fails', async () => {
    await expect(withStartLock(file, 1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('ends with its holder', async () => {
    await withStartLock(file, 1_000, async () => undefined);
    writeFileSync(file, `${deadPid()}\n`);
    expect(otherHolder(file)).toBeUndefined();
    expect(await withStartLock(file, 1_000, async () => 'mine')).toBe('mine');
  });

  it('is held by a living process, but not for ever', async () => {
    await withStartLock(file, 1_000, async () => undefined);
    writeFileSync(file, `${process.ppid}\n`);
    expect(otherHolder(file)).toBe(process.ppid);
    const waiting = withStartLock(file, 100, async () => 'mine');
    await expect(waiting).rejects.toThrow(`another start (pid ${process.ppid}) is still at work`);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, longAgo, longAgo);
    expect(await withStartLock(file, 1_000, async () => 'mine')).toBe('mine');
  });
});
