/**
 * One `start` at a time for each project.
 *
 * The lock is a file with the holder's pid, created exclusively. It ends with its holder: whoever finds a dead pid,
 * or a lock older than any start takes, moves it aside and tries again. Moving is a rename, so of several only one
 * succeeds, and one that caught a fresh lock by bad luck puts it back.
 */
import { linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.ts';
import { readIfThere } from './state-file.ts';

/** Longer than a start may take, in milliseconds. */
const longestHold = 300_000;

/** Runs `work` while holding the lock. Rejects when another holds it for longer than `timeoutMs`. */
export async function withStartLock<T>(file: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const until = Date.now() + timeoutMs;
  while (!take(file)) {
    if (Date.now() >= until) throw new Error(`another start (pid ${holderOf(file)}) is still at work`);
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    release(file);
  }
}

/** Removes a lock whose holder is dead. */
export function dropDeadLock(file: string): void {
  if (isDead(file)) moveAside(file);
}

/** The process that holds the lock, if it lives and is not this one. */
export function otherHolder(file: string): number | undefined {
  const holder = holderOf(file);
  return holder !== undefined && holder !== process.pid && isAlive(holder) ? holder : undefined;
}

function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    dropDeadLock(file);
    return false;
  }
}

function release(file: string): void {
  if (holderOf(file) === process.pid) rmSync(file, { force: true });
}

function holderOf(file: string): number | undefined {
  const text = readIfThere(file);
  return text !== undefined && /^\d+\n$/.test(text) ? Number(text) : undefined;
}

function isDead(file: string): boolean {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const holder = holderOf(file);
    // Between its creation and the writing of the pid, a lock is empty for a moment.
    if (holder === undefined) return age > 2_000;
    return !isAlive(holder) || age > longestHold;
  } catch {
    return false;
  }
}

function moveAside(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    if (!isDead(aside)) linkSync(aside, file);
  } catch {
    // A third one took the lock in between; the server itself refuses to be the second.
  } finally {
    rmSync(aside, { force: true });
  }
}
