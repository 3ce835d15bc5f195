/**
 * Backups: whole databases in `backups/`, named by their time, the newest seven kept.
 *
 *   copy online → rollback journal, so that it is one file → verify → sync → rename into place → let the oldest go
 *
 * A file with a backup's name is whole and was good when it was written; it is verified again before it is restored.
 */
import { chmodSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { problemOf } from './connect.ts';
import type { Connection, Row, Sqlite } from './driver.ts';
import {
  companions,
  makePrivateDirectory,
  makePrivateFile,
  type Place,
  stampOf,
  syncDirectory,
  syncFile,
} from './place.ts';
import { migrations, recordedVersion } from './schema.ts';

const kept = 7;
const name = /^mcp-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z(?:-\d+)?\.db$/;
const day = 24 * 60 * 60 * 1000;

export interface Backup {
  readonly file: string;
  /** Milliseconds since the epoch, from its name. */
  readonly at: number;
}

/** Newest first; none where the folder is absent or cannot be read. */
export function listBackups(place: Place): Backup[] {
  return entriesOf(place.backups)
    .flatMap((entry) => {
      const [, date, hours, minutes, seconds, fraction] = name.exec(entry) ?? [];
      if (!date) return [];
      const at = Date.parse(`${date}T${hours}:${minutes}:${seconds}.${fraction}Z`);
      return [{ file: join(place.backups, entry), at }];
    })
    .sort((a, b) => b.at - a.at || b.file.localeCompare(a.file));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether the newest backup is a day old, or there is none. */
export function backupIsDue(place: Place, now: number): boolean {
  const [newest] = listBackups(place);
  return newest === undefined || now - newest.at >= day;
}

/** Writes a verified backup and answers its path. Rejects, leaving none, when it cannot be written or is not good. */
export async function writeBackup(
  sqlite: Sqlite,
  connection: Connection,
  place: Place,
  now: number,
): Promise<string> {
  makePrivateDirectory(place.backups);
  sweep(place, now);
  const part = `${unusedName(place, now)}.${process.pid}.part`;
  try {
    makePrivateFile(part);
    const least = countsOf(connection);
    await connection.copyTo(part);
    settle(sqlite, part);
    await verifyCopy(sqlite, part, least);
    await syncBehind(part);
    const file = unusedName(place, now);
    renameSync(part, file);
    syncDirectory(place.backups);
    for (const { file: old } of listBackups(place).slice(kept)) rmSync(old, { force: true });
    return file;
  } catch (thrown) {
    for (const suffix of [...companions, '-journal']) rmSync(`${part}${suffix}`, { force: true });
    throw thrown;
  }
}

/** Why a file cannot be restored, in a few words; undefined when it can. */
export async function problemOfBackup(sqlite: Sqlite, file: string): Promise<string | undefined> {
  try {
    const connection = sqlite.open(file, { readOnly: true });
    try {
      const problem = await problemOf(connection, sqlite);
      return problem ?? strangenessOf(connection);
    } finally {
      connection.close();
    }
  } catch {
    return 'it cannot be opened';
  }
}

/** Puts a copy of `file` in the place of the database, whole or not at all; `makeRoom` is called just before. */
export function installCopy(file: string, place: Place, makeRoom: () => void = () => undefined): void {
  const beside = `${place.database}.restoring`;
  rmSync(beside, { force: true });
  makePrivateFile(beside);
  copyFileSync(file, beside);
  chmodSync(beside, 0o600);
  syncFile(beside);
  makeRoom();
  renameSync(beside, place.database);
  syncDirectory(place.directory);
}

export interface Counts {
  readonly patterns: number;
  readonly decisions: number;
}

export function countsOf(connection: Connection): Counts {
  const count = (table: string): number =>
    Number((connection.prepare(`SELECT count(*) AS count FROM ${table}`).get() as Row).count);
  return { patterns: count('orchestration_patterns'), decisions: count('decision_history') };
}

/** Why a sound database is still not one to use; undefined for one of this or an older version. */
function strangenessOf(connection: Connection): string | undefined {
  const version = recordedVersion(connection);
  if (version > migrations.length) return 'it was written by a newer version of callsheet';
  // The first design's databases record no version, and empty ones hold nothing at all.
  const table = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'decision_history'").get();
  return table === undefined ? 'it is not a database of callsheet' : undefined;
}

/** Out of WAL mode: a backup is one file and can be read from a read-only place. */
function settle(sqlite: Sqlite, file: string): void {
  const connection = sqlite.open(file);
  try {
    connection.exec('PRAGMA journal_mode = DELETE');
  } finally {
    connection.close();
  }
}

async function verifyCopy(sqlite: Sqlite, file: string, least: Counts): Promise<void> {
  const problem = await problemOfBackup(sqlite, file);
  if (problem) throw new Error(`the backup was not good (${problem})`);
  const connection = sqlite.open(file, { readOnly: true });
  try {
    const { patterns, decisions } = countsOf(connection);
    if (patterns < least.patterns || decisions < least.decisions) throw new Error('the backup is incomplete');
  } finally {
    connection.close();
  }
}

/** A large file's bytes take a while to reach the disk: requests are answered meanwhile. */
async function syncBehind(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unusedName(place: Place, now: number): string {
  const stem = join(place.backups, `mcp-${stampOf(now)}`);
  let file = `${stem}.db`;
  for (let next = 2; existsSync(file); next++) file = `${stem}-${next}.db`;
  return file;
}

/** What a process that was killed while it wrote a backup left behind. */
function sweep(place: Place, now: number): void {
  const limit = `mcp-${stampOf(now - day)}`;
  for (const entry of entriesOf(place.backups)) {
    if (entry.includes('.part') && entry < limit) rmSync(join(place.backups, entry), { force: true });
  }
}
