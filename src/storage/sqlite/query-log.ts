/**
 * The log of queries, written behind the request:
 *
 *   add → buffer → (250 ms later, or a full batch) batches of 200 rows, each a transaction, the event loop between
 *
 * The buffer is bounded: when the disk does not keep up, what comes new is dropped and counted, never waited for. A
 * crash loses what is buffered. Nothing here is synced: the log may be lost, decisions and patterns may not.
 */
import type { QueryRecord } from '../storage.ts';
import { type Connection, type Row, resultCode } from './driver.ts';
import { queryValues, toQuery } from './rows.ts';
import { transaction } from './transaction.ts';

const batchRows = 200;
const mostBuffered = 5_000;
const delayMs = 250;

export interface QueryLogHooks {
  /** A batch was written. */
  wrote(): void;
  /** A batch could not be written; its rows stay buffered. */
  failed(thrown: unknown): void;
  /** Rows were not logged: the buffer was full, or they were not writable. */
  dropped(sinceStart: number): void;
}

export interface QueryLog {
  add(record: QueryRecord): void;
  route(routeId: string): QueryRecord | undefined;
  /** Writes what is buffered, yielding between batches; throws what the database does. */
  flush(): Promise<void>;
  /** Rows in the table and in the buffer. */
  size(): number;
  /** Rows were removed from the table. */
  removed(rows: number): void;
  /** Writes the rest without yielding; what the database does not take is lost. Later rows are ignored. */
  close(): void;
}

/** With `writable` false, nothing is logged. */
export function createQueryLog(connection: Connection, writable: boolean, hooks: QueryLogHooks): QueryLog {
  const insert = connection.prepare(
    `INSERT INTO agent_queries (route_id, method, params, returned, cache_hit, duration_ms, timestamp)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const byRoute = connection.prepare(
    'SELECT * FROM agent_queries WHERE route_id = ? ORDER BY id DESC LIMIT 1',
  );
  let buffer: QueryRecord[] = [];
  let rows = Number((connection.prepare('SELECT count(*) AS rows FROM agent_queries').get() as Row).rows);
  let dropped = 0;
  let open = writable;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;

  const writeBatch = (): void => {
    const batch = buffer.slice(0, batchRows);
    transaction(connection, () => {
      for (const record of batch) insert.run(...queryValues(record));
    });
    buffer = buffer.slice(batch.length);
    rows += batch.length;
  };
  const schedule = (): void => {
    if (buffer.length >= batchRows) soon ??= setImmediate(drain);
    else timer ??= setTimeout(drain, delayMs).unref();
  };
  const unschedule = (): void => {
    clearTimeout(timer);
    clearImmediate(soon);
    timer = undefined;
    soon = undefined;
  };
  const drop = (count: number): void => {
    dropped += count;
    hooks.dropped(dropped);
  };
  const drain = (): void => {
    unschedule();
    try {
      if (buffer.length === 0) return;
      writeBatch();
      hooks.wrote();
      if (buffer.length > 0) schedule();
    } catch (thrown) {
      hooks.failed(thrown);
      // What no database would take must not be in the way of the rest.
      if (resultCode(thrown) === undefined) drop(buffer.splice(0, batchRows).length);
      timer = setTimeout(drain, delayMs).unref();
    }
  };
  return {
    add(record) {
      if (!open) return;
      if (buffer.length >= mostBuffered) return drop(1);
      buffer.push(record);
      if (buffer.length === 1 || buffer.length === batchRows) schedule();
    },
    route(routeId) {
      const buffered = buffer.findLast((record) => record.route_id === routeId);
      if (buffered) return buffered;
      const row = byRoute.get(routeId) as Row | undefined;
      return row && toQuery(row);
    },
    async flush() {
      while (buffer.length > 0) {
        writeBatch();
        if (buffer.length > 0) await new Promise(setImmediate);
      }
      unschedule();
    },
    size: () => rows + buffer.length,
    removed(count) {
      rows -= count;
    },
    close() {
      unschedule();
      open = false;
      try {
        while (buffer.length > 0) writeBatch();
      } catch (thrown) {
        hooks.failed(thrown);
      }
    },
  };
}
