/**
 * The SQLite driver of the storage port: opens the database and composes tables, log, backups and limits.
 *
 *   decisions, patterns     one synced transaction each, sealed before it commits (`access.ts`)
 *   queries                 buffered, written behind (`query-log.ts`)
 *   backup, prune, forget   one after another (`upkeep.ts`): they take several steps and must not meet half-way
 */
import type { Storage, StorageLimits, StorageLog } from '../storage.ts';
import { createAccess } from './access.ts';
import { type Counts, countsOf } from './backup.ts';
import { createCondition } from './condition.ts';
import { createDecisionTable } from './decisions.ts';
import { loadSqlite, resultCode, type Sqlite } from './driver.ts';
import { openDatabase } from './open.ts';
import { createPatternTable } from './patterns.ts';
import { placeOf } from './place.ts';
import { createQueryLog } from './query-log.ts';
import { bytesOf, megabyte } from './size.ts';
import { createUpkeep } from './upkeep.ts';

export interface SqliteStorageOptions {
  /** Of the database and its backups; made when absent. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: StorageLog;
  /** Default: 100 and 500 MiB. */
  readonly limits?: StorageLimits | undefined;
  /** Default: better-sqlite3, else `node:sqlite`. */
  readonly sqlite?: Sqlite | undefined;
}

const defaultLimits: StorageLimits = { softMb: 100, hardMb: 500 };

/**
 * Opens the storage of a directory. Rejects with `StorageHeldError` when another process has it, with
 * `NewerDatabaseError` when a newer version wrote it, with `unavailable` when there is no SQLite at all; a damaged or
 * unwritable database is served as well as it can be, and `warnings()` says so.
 */
export async function openStorage(options: SqliteStorageOptions): Promise<Storage> {
  const { clock, log, limits = defaultLimits } = options;
  const sqlite = options.sqlite ?? (await loadSqlite());
  const place = placeOf(options.directory);
  const { connection, lock, concern } = await openDatabase({ sqlite, place, clock, log });
  const condition = createCondition(log);
  if (concern) condition.raise('start', concern, true);

  const access = createAccess(connection, condition, log, lock !== undefined);
  const patterns = createPatternTable(connection);
  const decisions = createDecisionTable(connection, patterns);
  const queries = createQueryLog(connection, lock !== undefined, {
    wrote: () => condition.clear('log', 'disk'),
    failed: (thrown) => condition.raise('log', `the query log cannot be written (${nameOf(thrown)})`, true),
    dropped: (rows) =>
      condition.raise(
        'dropped',
        `${rows} queries were not logged: they could not be written, or not fast enough`,
        false,
      ),
  });
  let counts: Counts | undefined;
  const write = async <T>(work: () => T): Promise<T> => {
    counts = undefined;
    return access.write(work);
  };
  const upkeep = createUpkeep({
    ...{ sqlite, connection, place, clock, limits, condition, access, decisions, queries },
    changed: () => {
      counts = undefined;
    },
  });
  let closing: Promise<void> | undefined;

  return {
    logQuery: (record) => queries.add(record),
    route: (routeId) => access.read(() => queries.route(routeId)),
    flush: () =>
      queries.flush().catch((thrown) => {
        throw access.failure(thrown);
      }),

    addPattern: (pattern) =>
      write(() => {
        patterns.add(pattern);
        return patterns.get(pattern.id) as NonNullable<ReturnType<typeof patterns.get>>;
      }),
    pattern: (id) => access.read(() => patterns.get(id)),
    patterns: () => access.read(() => patterns.all()),
    setPruned: (ids, at) =>
      write(() => {
        for (const id of ids) patterns.setPruned(id, at);
      }),

    recordDecision: (decision, pattern) => write(() => decisions.record(decision, pattern)),
    decision: (taskId) => access.read(() => decisions.get(taskId)),
    decisions: (limit) => access.read(() => decisions.newest(limit)),

    ...upkeep.methods,
    stats() {
      counts ??= access.read(() => countsOf(connection));
      return { ...counts, queries: queries.size(), size_mb: bytesOf(place.database) / megabyte };
    },
    warnings: () => condition.warnings(),
    sound: () => condition.sound(),
    close() {
      closing ??= upkeep.settled().then(() => {
        queries.close();
        access.end();
        connection.close();
        lock?.release();
      });
      return closing;
    },
  };
}

function nameOf(thrown: unknown): string {
  return resultCode(thrown) ?? String(thrown);
}
