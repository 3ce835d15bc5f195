/**
 * Keeping the database within its limits: the oldest of the query log goes first, then, over the hard limit alone,
 * decisions, then patterns, retired ones before the rest. Removed in small transactions, so that requests are
 * answered between; the freed pages are given back, so that the file shrinks.
 */
import { statSync } from 'node:fs';
import type { StorageLimits } from '../storage.ts';
import type { Access } from './access.ts';
import type { DecisionTable } from './decisions.ts';
import type { Connection, Row } from './driver.ts';
import { toDecision } from './rows.ts';
import { transaction } from './transaction.ts';

/** Prunes a tenth below a limit, so that the next row does not prune again. */
const room = 0.9;
/** Rows of a transaction: queries, and what is more dearly let go. */
const queryRows = 500;
const otherRows = 50;
const chunkPages = 1_000;
export const megabyte = 1024 * 1024;

export interface Pruned {
  readonly queries: number;
  readonly decisions: number;
  readonly patterns: number;
}

/** Bytes of the database and its journal; 0 where it is in no file. */
export function bytesOf(database: string): number {
  return [database, `${database}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** Removes until the data are below the limits, then shrinks the file. */
export async function pruneToLimits(
  connection: Connection,
  decisions: DecisionTable,
  access: Access,
  limits: StorageLimits,
): Promise<Pruned> {
  const until = async (limitMb: number, step: () => number): Promise<number> => {
    let removed = 0;
    while (usedBytes(connection) > limitMb * megabyte * room) {
      const rows = step();
      if (rows === 0) break;
      removed += rows;
      await new Promise(setImmediate);
    }
    return removed;
  };
  const queries = await until(limits.softMb, () => transaction(connection, () => removeQueries(connection)));
  const overHard = usedBytes(connection) > limits.hardMb * megabyte;
  const hardMb = overHard ? limits.hardMb : Number.POSITIVE_INFINITY;
  const removedDecisions = await until(hardMb, () =>
    access.write(() => removeDecisions(connection, decisions)),
  );
  const patterns = await until(hardMb, () => access.write(() => removePatterns(connection)));
  await shrink(connection);
  return { queries, decisions: removedDecisions, patterns };
}

/** Gives free pages back to the file system and empties the journal. */
export async function shrink(connection: Connection): Promise<void> {
  let free = pragma(connection, 'freelist_count');
  for (let before = Number.POSITIVE_INFINITY; free > 0 && free < before; ) {
    before = free;
    connection.exec(`PRAGMA incremental_vacuum(${chunkPages})`);
    free = pragma(connection, 'freelist_count');
    await new Promise(setImmediate);
  }
  truncateJournal(connection);
}

/** Does not wait for readers: where one is at work, the journal is emptied another time. */
export function truncateJournal(connection: Connection): void {
  connection.exec('PRAGMA busy_timeout = 0');
  try {
    connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } finally {
    connection.exec('PRAGMA busy_timeout = 5000');
  }
}

/** Bytes of the pages that hold something. */
function usedBytes(connection: Connection): number {
  const pages = pragma(connection, 'page_count') - pragma(connection, 'freelist_count');
  return pages * pragma(connection, 'page_size');
}

function pragma(connection: Connection, name: 'page_count' | 'freelist_count' | 'page_size'): number {
  return Number((connection.prepare(`PRAGMA ${name}`).get() as Row)[name]);
}

function removeQueries(connection: Connection): number {
  const oldest = `SELECT id FROM agent_queries ORDER BY id LIMIT ${queryRows}`;
  return Number(connection.prepare(`DELETE FROM agent_queries WHERE id IN (${oldest})`).run().changes);
}

function removeDecisions(connection: Connection, decisions: DecisionTable): number {
  const oldest = connection
    .prepare('SELECT * FROM decision_history ORDER BY timestamp, id LIMIT ?')
    .all(otherRows) as Row[];
  for (const row of oldest) decisions.remove(toDecision(row));
  return oldest.length;
}

function removePatterns(connection: Connection): number {
  const oldest = `SELECT id FROM orchestration_patterns ORDER BY pruned_at IS NULL, updated_at LIMIT ${otherRows}`;
  return Number(
    connection.prepare(`DELETE FROM orchestration_patterns WHERE id IN (${oldest})`).run().changes,
  );
}
