/**
 * SQLite, whoever brings it: the package better-sqlite3, else `node:sqlite` where Node has it built in.
 *
 * Both are declared here by the little that is used of them, and imported when a database is opened.
 */
import { CallsheetError } from '../../protocol/errors.ts';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

/** One open database. Every method throws the library's own error; `resultCode` reads it. */
export interface Connection {
  /** For constant SQL only; values go through `prepare`. */
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Copies the database as it is now, page by page, while it stays in use. */
  copyTo(file: string): Promise<void>;
  close(): void;
}

export interface Sqlite {
  readonly name: 'better-sqlite3' | 'node:sqlite';
  open(file: string, options?: { readonly readOnly?: boolean }): Connection;
}

interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

interface BetterDatabase extends Database {
  backup(file: string): Promise<unknown>;
}

type BetterSqlite = new (file: string, options: { readonly: boolean }) => BetterDatabase;

interface NodeSqlite {
  readonly DatabaseSync: new (file: string, options: { readOnly: boolean }) => Database;
  /** From Node 22.16 and 23.8 on. */
  readonly backup?: (database: Database, file: string, options: { rate: number }) => Promise<unknown>;
}

/** The SQLite of this installation; rejects when there is none. */
export async function loadSqlite(): Promise<Sqlite> {
  const found = (await loadBetterSqlite()) ?? loadNodeSqlite();
  if (found) return found;
  throw new CallsheetError(
    'unavailable',
    'no SQLite: install the optional package better-sqlite3, or use Node.js 22.13 or newer, which has its own',
  );
}

/** Undefined where the package is absent or was built for another Node. */
export async function loadBetterSqlite(): Promise<Sqlite | undefined> {
  try {
    const { default: BetterDatabase } = (await import('better-sqlite3')) as unknown as {
      default: BetterSqlite;
    };
    new BetterDatabase(':memory:', { readonly: false }).close();
    return {
      name: 'better-sqlite3',
      open: (file, options) => {
        const database = new BetterDatabase(file, { readonly: options?.readOnly ?? false });
        return connection(database, async (target) => void (await database.backup(target)));
      },
    };
  } catch {
    return undefined;
  }
}

/** Undefined where Node has none built in. */
export function loadNodeSqlite(): Sqlite | undefined {
  const library = process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined;
  if (!library) return undefined;
  return {
    name: 'node:sqlite',
    open: (file, options) => {
      const database = new library.DatabaseSync(file, { readOnly: options?.readOnly ?? false });
      return connection(database, (target) => copyWithNode(library, file, target));
    },
  };
}

/** More pages than a database can have. */
const everyPage = 2 ** 31 - 1;

/**
 * Copies in another thread, in one step and from a connection of its own: sharing one, a write meanwhile would fail
 * the copy. Where Node has no such function yet, the copy is made in this thread.
 */
async function copyWithNode(library: NodeSqlite, file: string, target: string): Promise<void> {
  const source = new library.DatabaseSync(file, { readOnly: true });
  try {
    source.exec('PRAGMA busy_timeout = 5000');
    if (library.backup) await library.backup(source, target, { rate: everyPage });
    else source.prepare('VACUUM INTO ?').run(target);
  } finally {
    source.close();
  }
}

function connection(database: Database, copyTo: Connection['copyTo']): Connection {
  // The libraries differ in their default; milliseconds.
  database.exec('PRAGMA busy_timeout = 5000');
  return {
    exec: (sql) => void database.exec(sql),
    prepare: (sql) => database.prepare(sql),
    copyTo,
    close: () => database.close(),
  };
}

/** Primary result codes that decide something here (https://www.sqlite.org/rescode.html). */
const codes: Readonly<Record<number, string>> = {
  1: 'ERROR',
  5: 'BUSY',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  19: 'CONSTRAINT',
  26: 'NOTADB',
};

/** The primary result code of an error of either library: `FULL`, `CORRUPT`, …; undefined for any other error. */
export function resultCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return codes[errcode & 0xff] ?? 'OTHER';
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return code.split('_')[1];
  return undefined;
}
