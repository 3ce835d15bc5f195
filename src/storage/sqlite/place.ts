/** Where the database and its companions lie, and how their files are made: private, and there after a power cut. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Place {
  readonly directory: string;
  readonly database: string;
  /** Locked by the process that has the database open for writing. */
  readonly lock: string;
  /** That process's id, as text. */
  readonly holder: string;
  readonly backups: string;
}

export function placeOf(directory: string): Place {
  return {
    directory,
    database: join(directory, 'mcp.db'),
    lock: join(directory, 'mcp.db.lock'),
    holder: join(directory, 'mcp.db.pid'),
    backups: join(directory, 'backups'),
  };
}

/** A database is up to three files. */
export const companions = ['', '-wal', '-shm'] as const;

/** `2026-01-31T08-30-00-000Z`: a time that sorts and may stand in a file's name. */
export function stampOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}

/** Makes the folder for its owner alone; an existing one is left as it is. */
export function makePrivateDirectory(directory: string): void {
  if (existsSync(directory)) return;
  mkdirSync(dirname(directory), { recursive: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/**
 * Creates the file where it is absent, and closes it to everybody but its owner. An existing file is not opened: with
 * POSIX locks, closing a file lets go of every lock that this process has on it.
 */
export function makePrivateFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A new name is durable once its directory is; Windows neither needs nor allows this. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
