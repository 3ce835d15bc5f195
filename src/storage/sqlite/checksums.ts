/**
 * Seals on patterns and decisions. SQLite finds a broken structure, not a flipped bit inside a text or a count;
 * a checksum over the row's content does. Rows that a transaction writes have none until `seal` gives it, before the
 * commit.
 */
import { crc32 } from 'node:zlib';
import type { Connection, Row } from './driver.ts';

/** What a seal covers: every stored column but the seal itself. */
const content = {
  orchestration_patterns: `json_array(id, goal, agent_sequence, dependencies, parallel_groups, success_count,
    failure_count, partial_count, duration_total, duration_count, tokens_total, tokens_count, created_at,
    updated_at, pruned_at, learned_from)`,
  decision_history: `json_array(id, task_id, task_description, agents_used, result, duration_ms, tokens_saved,
    route_id, pattern_id, source, certainty, timestamp)`,
} as const;

export type SealedTable = keyof typeof content;
export const sealedTables = Object.keys(content) as readonly SealedTable[];

const page = 500;
/** A damaged tree may claim any number of rows. */
const mostPositions = 2_000_000;

/** Prepared once for a connection: seals the rows that have no seal yet. */
export function createSeal(connection: Connection): () => void {
  const steps = sealedTables.map((table) => ({
    unsealed: connection.prepare(
      `SELECT rowid AS position, ${content[table]} AS content FROM ${table} WHERE checksum IS NULL`,
    ),
    seal: connection.prepare(`UPDATE ${table} SET checksum = ? WHERE rowid = ?`),
  }));
  return () => {
    for (const { unsealed, seal } of steps) {
      for (const row of unsealed.all() as Row[]) seal.run(crc32(String(row.content)), Number(row.position));
    }
  };
}

/** How many rows of a table have a seal that does not hold; reads a page at a time. */
export function countBroken(connection: Connection, table: SealedTable): number {
  const statement = connection.prepare(
    `SELECT rowid AS position, ${content[table]} AS content, checksum FROM ${table} WHERE rowid > ?
     ORDER BY rowid LIMIT ${page}`,
  );
  let broken = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = statement.all(after) as Row[];
    broken += rows.filter((row) => !holds(row)).length;
    if (rows.length < page) return broken;
    after = Number(rows.at(-1)?.position);
  }
}

/** The rows of a damaged table that can still be read and whose seal holds, looked for one by one. */
export function readIntact(connection: Connection, table: SealedTable): Row[] {
  const last = Number((connection.prepare(`SELECT max(rowid) AS last FROM ${table}`).get() as Row).last ?? 0);
  const statement = connection.prepare(
    `SELECT *, ${content[table]} AS content FROM ${table} WHERE rowid = ?`,
  );
  const rows: Row[] = [];
  for (let position = 1; position <= Math.min(last, mostPositions); position++) {
    try {
      const row = statement.get(position) as Row | undefined;
      if (row && holds(row)) rows.push(row);
    } catch {
      // This row's page is damaged; the next may not be.
    }
  }
  return rows;
}

function holds({ content, checksum }: Row): boolean {
  return crc32(String(content)) === checksum;
}
