/**
 * From a directory to a database that can be used, whatever lies there:
 *
 *   lock → open → check ─ good ──► migrate (a backup first) ─► ready
 *                       └ damaged ► set aside → restore or rebuild → salvage ─► ready, with a warning
 *   cannot be written (read-only place, full disk) → a private copy to read from, else nothing; writes are refused
 *
 * Two things end the opening instead: another process holds the database, or a newer version wrote it.
 */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NewerDatabaseError } from '../migrate.ts';
import type { StorageLog } from '../storage.ts';
import { writeBackup } from './backup.ts';
import { bringUpToDate, configure, prepareEmpty, problemOf } from './connect.ts';
import { type Connection, resultCode, type Sqlite } from './driver.ts';
import { journalIsBroken } from './journal.ts';
import { acquireLock, type Lock, StorageHeldError } from './lock.ts';
import { makePrivateDirectory, makePrivateFile, type Place, syncDirectory } from './place.ts';
import { copyAside, restoreNewest, salvage, setAside } from './recovery.ts';
import { migrations, recordedVersion } from './schema.ts';

export interface Surroundings {
  readonly sqlite: Sqlite;
  readonly place: Place;
  readonly clock: () => number;
  readonly log: StorageLog;
}

export interface Opened {
  readonly connection: Connection;
  /** Undefined where nothing can be written anyway. */
  readonly lock: Lock | undefined;
  /** What happened to the database on the way, for its owner. */
  readonly concern: string | undefined;
}

/** Rejects with `StorageHeldError` or `NewerDatabaseError`; every other trouble ends in something to serve from. */
export async function openDatabase(around: Surroundings): Promise<Opened> {
  let lock: Lock | undefined;
  try {
    makePrivateDirectory(around.place.directory);
    lock = acquireLock(around.sqlite, around.place);
    return { lock, ...(await openWritable(around)) };
  } catch (thrown) {
    lock?.release();
    if (thrown instanceof StorageHeldError || thrown instanceof NewerDatabaseError) throw thrown;
    return { lock: undefined, ...(await openToRead(around, thrown)) };
  }
}

type Found = Pick<Opened, 'connection' | 'concern'>;

async function openWritable(around: Surroundings): Promise<Found> {
  const { place } = around;
  if (!existsSync(place.database)) {
    around.log.info('a new database was created');
    return { connection: await create(around), concern: undefined };
  }
  const journalAside = keepBrokenJournal(around);
  const found = await openExisting(around);
  if (typeof found === 'string') return recover(around, found);
  const concern =
    journalAside &&
    `the journal of the database was damaged: what was written last may be missing; a copy was kept as ${journalAside}`;
  return { connection: found, concern };
}

/** Opening replays the journal and lets go of it: a damaged one is kept, for whoever wants to look. */
function keepBrokenJournal({ place, clock }: Surroundings): string | undefined {
  return journalIsBroken(`${place.database}-wal`) ? basename(copyAside(place, clock())) : undefined;
}

async function create({ sqlite, place, clock }: Surroundings): Promise<Connection> {
  makePrivateFile(place.database);
  const connection = sqlite.open(place.database);
  return closingOnError(connection, async () => {
    prepareEmpty(connection);
    configure(connection);
    await bringUpToDate(connection, clock);
    syncDirectory(place.directory);
  });
}

/** The database, ready; or, as text, why it cannot be trusted. */
async function openExisting(around: Surroundings): Promise<Connection | string> {
  const { sqlite, place, clock } = around;
  if (statSync(place.database).size === 0) return 'it is empty';
  makePrivateFile(place.database);
  const connection = sqlite.open(place.database);
  let problem: string | undefined;
  await closingOnError(connection, async () => {
    problem = await problemOf(connection, sqlite);
    if (problem) return;
    const version = recordedVersion(connection);
    if (version > migrations.length) throw new NewerDatabaseError(version, migrations.length);
    configure(connection);
    if (version < migrations.length) await backupBeforeMigration(around, connection);
    await bringUpToDate(connection, clock);
  });
  if (problem === undefined) return connection;
  connection.close();
  return problem;
}

/** A migration is not undone by an older program: what was there before it is kept. */
async function backupBeforeMigration(around: Surroundings, connection: Connection): Promise<void> {
  if (!connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'decision_history'").get()) return;
  const file = await writeBackup(around.sqlite, connection, around.place, around.clock());
  around.log.info(`the database is brought to a newer schema; the old one is kept as ${basename(file)}`);
}

async function recover(around: Surroundings, problem: string): Promise<Found> {
  const { sqlite, place, clock } = around;
  const aside = setAside(place, 'corrupt', clock());
  const backup = await restoreNewest(sqlite, place);
  const opened = backup === undefined ? await create(around) : await openExisting(around);
  if (typeof opened === 'string') throw new Error(`the restored backup cannot be used: ${opened}`);
  const { patterns, decisions } = salvage(sqlite, aside, opened);
  const remedy =
    backup === undefined
      ? 'there was no good backup, an empty one was made'
      : `the backup ${backup} was restored`;
  const saved = `${decisions} decisions and ${patterns} patterns were saved from the damaged file`;
  const concern = `the database was damaged (${problem}) and set aside as ${basename(aside)}; ${remedy}; ${saved}`;
  return { connection: opened, concern };
}

/** For a place that cannot be written: what is known stays readable, from a copy; nothing is remembered. */
async function openToRead(around: Surroundings, cause: unknown): Promise<Found> {
  around.log.error(`the database cannot be opened for writing: ${messageOf(cause)}`);
  const reason = `the database cannot be written (${resultCode(cause) ?? codeOf(cause)})`;
  const copy = await openCopy(around);
  if (copy)
    return { connection: copy, concern: `${reason}: what is known is served, nothing new is remembered` };
  const empty = around.sqlite.open(':memory:');
  await bringUpToDate(empty, around.clock);
  return { connection: empty, concern: `${reason} nor read: nothing is remembered` };
}

async function openCopy({ sqlite, place, clock }: Surroundings): Promise<Connection | undefined> {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'callsheet-'));
    const copy = join(folder, basename(place.database));
    for (const suffix of ['', '-wal']) {
      if (!existsSync(`${place.database}${suffix}`)) continue;
      copyFileSync(`${place.database}${suffix}`, `${copy}${suffix}`);
      chmodSync(`${copy}${suffix}`, 0o600);
    }
    return await openGoodCopy(sqlite, copy, clock);
  } catch {
    return undefined;
  } finally {
    // The open file lives on without its name where the system allows that; elsewhere the folder stays.
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

async function openGoodCopy(
  sqlite: Sqlite,
  copy: string,
  clock: () => number,
): Promise<Connection | undefined> {
  if (!existsSync(copy)) return undefined;
  const connection = sqlite.open(copy);
  const usable = await closingOnError(connection, async () => {
    if (await problemOf(connection, sqlite)) throw new Error('damaged');
    await bringUpToDate(connection, clock);
    connection.exec('PRAGMA journal_mode = DELETE; PRAGMA query_only = ON');
  });
  return usable;
}

async function closingOnError(connection: Connection, work: () => Promise<void>): Promise<Connection> {
  try {
    await work();
    return connection;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** `EACCES`, `ENOSPC`, …: says what is wrong without a path. */
function codeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'unknown cause';
}
