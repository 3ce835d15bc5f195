/** Opening a database file as it is used here: settings, migrations, and the check whether it can be trusted. */
import { migrate } from '../migrate.ts';
import { countBroken, createSeal, sealedTables } from './checksums.ts';
import { type Connection, type Row, resultCode, type Sqlite } from './driver.ts';
import { DamagedRecordError, migrations, migrationTarget, recordedVersion } from './schema.ts';
import { durably } from './transaction.ts';

/**
 * One of the libraries keeps 16 MB, which the check of a large file would fill and the allocator would not give back.
 * A transaction may still hold as much: what it writes to the journal before its end, it may have to write again.
 * (SQLite takes a multiple of 256 for "off".)
 */
const fewPages = 'PRAGMA cache_size = -500; PRAGMA cache_spill = 4000;';

/**
 * Settings of a connection that writes. `secure_delete` overwrites what is deleted, so that what was forgotten is not
 * left in free pages.
 */
const settings = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
${fewPages}
PRAGMA journal_size_limit = 4194304;
`;

/** For an empty file, before anything else is done with it: lets it give free pages back later. */
export function prepareEmpty(connection: Connection): void {
  connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
}

export function configure(connection: Connection): void {
  connection.exec(settings);
}

/** Brings the database to the newest schema and seals what earlier versions left unsealed. */
export async function bringUpToDate(connection: Connection, now: () => number): Promise<void> {
  const applied = await migrate(migrationTarget(connection, now), migrations);
  if (applied > 0) durably(connection, createSeal(connection));
  const { auto_vacuum } = connection.prepare('PRAGMA auto_vacuum').get() as Row;
  // A file that was not prepared so takes this setting only when it is rewritten.
  if (auto_vacuum !== 2) connection.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

/**
 * Why the database cannot be trusted, in a few words; undefined when it can. Checks the structure of all of it and,
 * where the schema is this version's, that no object is missing, that patterns and decisions agree with their indexes
 * and every seal holds. The indexes of the query log are not compared with it: at 100 MB that takes five times as
 * long as the rest (bench/storage.ts). Throws what is not the file's fault.
 */
export async function problemOf(connection: Connection, sqlite: Sqlite): Promise<string | undefined> {
  try {
    connection.exec(fewPages);
    if (!passes(connection, 'quick_check')) return 'its structure is damaged';
    if (recordedVersion(connection) !== migrations.length) return undefined;
    if (!(await hasSchema(connection, sqlite))) return 'its schema is damaged';
    if (!sealedTables.every((table) => passes(connection, 'integrity_check', table))) {
      return 'its indexes are damaged';
    }
    const broken = sealedTables.reduce((sum, table) => sum + countBroken(connection, table), 0);
    return broken > 0 ? `${broken} of its rows are damaged` : undefined;
  } catch (thrown) {
    if (thrown instanceof DamagedRecordError) return thrown.message;
    if (isDamage(thrown)) return 'it cannot be read as a database';
    throw thrown;
  }
}

function passes(connection: Connection, check: 'quick_check' | 'integrity_check', table?: string): boolean {
  const rows = connection.prepare(`PRAGMA ${check}${table ? `(${table})` : ''}`).all() as Row[];
  return rows.length === 1 && rows[0]?.[check] === 'ok';
}

/** Errors that speak of the file's content; the rest speak of the disk, of rights or of other processes. */
function isDamage(thrown: unknown): boolean {
  return ['CORRUPT', 'NOTADB', 'ERROR', 'CONSTRAINT'].includes(resultCode(thrown) ?? '');
}

async function hasSchema(connection: Connection, sqlite: Sqlite): Promise<boolean> {
  const fresh = sqlite.open(':memory:');
  try {
    await migrate(
      migrationTarget(fresh, () => 0),
      migrations,
    );
    const found = new Set(schemaOf(connection));
    return schemaOf(fresh).every((object) => found.has(object));
  } finally {
    fresh.close();
  }
}

function schemaOf(connection: Connection): string[] {
  const rows = connection.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master').all() as Row[];
  return rows.map(({ type, name, tbl_name, sql }) => JSON.stringify([type, name, tbl_name, sql]));
}
