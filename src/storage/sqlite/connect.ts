/** Opening a database file as it is used here: settings, migrations, and the check whether it can be trusted. */
import { migrate } from '../migrate.ts';
import { countBroken, createSeal, sealedTables } from './checksums.ts';
import { type Connection, type Row, resultCode, type Sqlite } from './driver.ts';
import { DamagedRecordError, migrations, migrationTarget, recordedVersion } from './schema.ts';
import { durably } from './transaction.ts';

/**
 * Settings of a connection that writes. `auto_vacuum` takes effect in a new file; the rest holds for the connection.
 * `secure_delete` overwrites what is deleted, so that what was forgotten is not left in free pages.
 */
const settings = `
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA busy_timeout = 5000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -2000;
PRAGMA journal_size_limit = 4194304;
`;

export function configure(connection: Connection): void {
  connection.exec(settings);
}

/** Brings the database to the newest schema and seals what earlier versions left unsealed. */
export async function bringUpToDate(connection: Connection, now: () => number): Promise<void> {
  const applied = await migrate(migrationTarget(connection, now), migrations);
  if (applied > 0) durably(connection, createSeal(connection));
  const { auto_vacuum } = connection.prepare('PRAGMA auto_vacuum').get() as Row;
  // A file made before this setting takes it only when it is rewritten.
  if (auto_vacuum !== 2) connection.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

/**
 * Why the database cannot be trusted, in a few words; undefined when it can. Checks its structure and, where the
 * schema is this version's, that no object of it is missing and every seal holds. Throws what is not the file's fault.
 */
export async function problemOf(connection: Connection, sqlite: Sqlite): Promise<string | undefined> {
  try {
    const findings = connection.prepare('PRAGMA integrity_check(1)').all() as Row[];
    if (findings[0]?.integrity_check !== 'ok') return 'its structure is damaged';
    if (recordedVersion(connection) !== migrations.length) return undefined;
    if (!(await hasSchema(connection, sqlite))) return 'its schema is damaged';
    const broken = sealedTables.reduce((sum, table) => sum + countBroken(connection, table), 0);
    return broken > 0 ? `${broken} of its rows are damaged` : undefined;
  } catch (thrown) {
    if (thrown instanceof DamagedRecordError) return thrown.message;
    if (isDamage(thrown)) return 'it cannot be read as a database';
    throw thrown;
  }
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
