/** Transactions: all or nothing, and, where it is promised, on the disk before the call answers. */
import type { Connection } from './driver.ts';

/** Runs `work` in a transaction; rolls back and rethrows what it throws. */
export function transaction<T>(connection: Connection, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (thrown) {
    rollback(connection);
    throw thrown;
  }
}

/**
 * A transaction that is synced to the disk when it returns. In WAL mode `synchronous=FULL` syncs the log at each
 * commit, `NORMAL` only at checkpoints (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function durably<T>(connection: Connection, work: () => T): T {
  connection.exec('PRAGMA synchronous = FULL');
  try {
    return transaction(connection, work);
  } finally {
    connection.exec('PRAGMA synchronous = NORMAL');
  }
}

/** SQLite has already rolled back after some errors (full disk, I/O); asking again is an error then. */
function rollback(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // Nothing is open any more.
  }
}
