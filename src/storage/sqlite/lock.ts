/**
 * One process at a time has the database open for writing.
 *
 * The lock is an exclusive transaction on an empty database of its own: the operating system frees it when the
 * holder ends, however it ends, so it never goes stale; readers of the real database are not in its way. The pid
 * beside it is there for the message only.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Connection, resultCode, type Sqlite } from './driver.ts';
import { makePrivateFile, type Place } from './place.ts';

export interface Lock {
  release(): void;
}

/** Another process (or this one, already) has the database open for writing. */
export class StorageHeldError extends Error {
  override readonly name = 'StorageHeldError';
  /** Of the holder, where it could be read. */
  readonly pid: number | undefined;

  constructor(file: string, pid: number | undefined) {
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    super(`${file} is in use by ${holder}; stop that first (callsheet stop), or use another --data-dir`);
    this.pid = pid;
  }
}

/** A connection that nobody refers to is collected and closed, which would free its lock while the storage is open. */
const held = new Set<Connection>();

/** Throws `StorageHeldError`; errors of the file system and of SQLite as they are. */
export function acquireLock(sqlite: Sqlite, place: Place): Lock {
  makePrivateFile(place.lock);
  const connection = sqlite.open(place.lock);
  try {
    connection.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    connection.close();
    throw resultCode(thrown) === 'BUSY' ? new StorageHeldError(place.database, readHolder(place)) : thrown;
  }
  held.add(connection);
  writeHolder(place);
  return { release: () => release(connection, place) };
}

function release(connection: Connection, place: Place): void {
  rmSync(place.holder, { force: true });
  held.delete(connection);
  connection.close();
}

/** A full disk must not cost the lock: the message does without the pid then. */
function writeHolder(place: Place): void {
  try {
    writeFileSync(place.holder, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    rmSync(place.holder, { force: true });
  }
}

function readHolder(place: Place): number | undefined {
  try {
    const pid = Number(readFileSync(place.holder, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
