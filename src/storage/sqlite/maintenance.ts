/**
 * The owner's work on a SQLite store from outside of a server. What changes the store takes its lock, so that it is
 * refused while a server is at work; a backup only reads.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Maintenance, StorageLog } from '../storage.ts';
import { installCopy, listBackups, problemOfBackup, writeBackup } from './backup.ts';
import { createDecisionTable } from './decisions.ts';
import { type Connection, loadSqlite, type Sqlite } from './driver.ts';
import { forgetIn } from './forget.ts';
import { acquireLock, type Lock, StorageHeldError } from './lock.ts';
import { openDatabase } from './open.ts';
import { createPatternTable } from './patterns.ts';
import { makePrivateDirectory, type Place, placeOf } from './place.ts';
import { setAside } from './recovery.ts';
import { openStorage } from './storage.ts';

export interface SqliteMaintenanceOptions {
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: StorageLog;
}

export async function createMaintenance(options: SqliteMaintenanceOptions): Promise<Maintenance> {
  const { clock, log } = options;
  const sqlite = await loadSqlite();
  const place = placeOf(options.directory);
  return {
    backup: () => backup(sqlite, place, clock),
    backups: () => listBackups(place),
    restore: (file) => restore(sqlite, place, file, clock()),
    async forget(what, rehearse) {
      demandDatabase(place);
      if (rehearse) {
        return rehearsed(await openDatabase({ sqlite, place, clock, log }), (connection) =>
          forgetIn(connection, createDecisionTable(connection, createPatternTable(connection)), what),
        );
      }
      const storage = await openStorage({ directory: place.directory, clock, log, sqlite });
      try {
        return await storage.forget(what);
      } finally {
        await storage.close();
      }
    },
    setAside: () => asideOf(place),
  };
}

function demandDatabase(place: Place): void {
  if (!existsSync(place.database)) throw new Error(`there is no database in ${place.directory} yet`);
}

async function backup(sqlite: Sqlite, place: Place, clock: () => number): Promise<{ file: string }> {
  demandDatabase(place);
  // Free, it is taken, so that nothing is forgotten meanwhile; held by a server, a second reader does no harm.
  const lock = tryLock(sqlite, place);
  const connection = sqlite.open(place.database, { readOnly: lock === undefined });
  try {
    return { file: await writeBackup(sqlite, connection, place, clock()) };
  } finally {
    connection.close();
    lock?.release();
  }
}

function tryLock(sqlite: Sqlite, place: Place): Lock | undefined {
  try {
    return acquireLock(sqlite, place);
  } catch (thrown) {
    if (thrown instanceof StorageHeldError) return undefined;
    throw thrown;
  }
}

async function restore(sqlite: Sqlite, place: Place, file: string | undefined, now: number) {
  const restored = await chooseBackup(sqlite, place, file);
  makePrivateDirectory(place.directory);
  const lock = acquireLock(sqlite, place);
  try {
    let replaced: string | undefined;
    installCopy(restored, place, () => {
      if (existsSync(place.database)) replaced = setAside(place, 'replaced', now);
    });
    return { restored, ...(replaced && { replaced }) };
  } finally {
    lock.release();
  }
}

/** The file named, or the newest good one; throws where that is not to be had. */
async function chooseBackup(sqlite: Sqlite, place: Place, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    const named = [file, join(place.backups, file)].find((candidate) => existsSync(candidate));
    if (named === undefined) throw new Error(`there is no file ${file}`);
    const problem = await problemOfBackup(sqlite, named);
    if (problem) throw new Error(`${named} cannot be restored: ${problem}`);
    return named;
  }
  for (const candidate of listBackups(place)) {
    if ((await problemOfBackup(sqlite, candidate.file)) === undefined) return candidate.file;
  }
  throw new Error(`there is no good backup in ${place.backups}`);
}

async function rehearsed<T>(
  { connection, lock }: { connection: Connection; lock: Lock | undefined },
  work: (connection: Connection) => T,
): Promise<T> {
  try {
    connection.exec('PRAGMA query_only = OFF; BEGIN');
    const result = work(connection);
    connection.exec('ROLLBACK');
    return result;
  } finally {
    connection.close();
    lock?.release();
  }
}

function asideOf(place: Place): string[] {
  if (!existsSync(place.directory)) return [];
  return readdirSync(place.directory)
    .filter((name) => /\.db\.(corrupt|replaced)-[^.]*Z(-\d+)?$/.test(name))
    .map((name) => join(place.directory, name));
}
