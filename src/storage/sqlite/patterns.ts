/** The table of patterns: statements prepared once. What is counted on a pattern is counted here, in SQL. */
import type { NewPattern, StoredDecision, StoredPattern } from '../storage.ts';
import type { Connection, Row } from './driver.ts';
import { patternValues, toPattern } from './rows.ts';

export interface PatternTable {
  /** Leaves a pattern that exists as it is. */
  add(pattern: NewPattern): void;
  get(id: string): StoredPattern | undefined;
  all(): StoredPattern[];
  setPruned(id: string, at: number | undefined): void;
  /** Counts a decision for the pattern it names (`1`), or takes that back (`-1`). */
  count(decision: Omit<StoredDecision, 'id'>, sign: 1 | -1): void;
}

export function createPatternTable(connection: Connection): PatternTable {
  const add = connection.prepare(
    `INSERT INTO orchestration_patterns
       (id, goal, agent_sequence, dependencies, parallel_groups, created_at, updated_at, learned_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const get = connection.prepare(`${select} WHERE id = ?`);
  const all = connection.prepare(`${select} ORDER BY created_at, id`);
  const setPruned = connection.prepare(
    'UPDATE orchestration_patterns SET pruned_at = ?, checksum = NULL WHERE id = ?',
  );
  const count = connection.prepare(
    `UPDATE orchestration_patterns SET
       success_count = success_count + ?, failure_count = failure_count + ?, partial_count = partial_count + ?,
       duration_total = duration_total + ?, duration_count = duration_count + ?,
       tokens_total = tokens_total + ?, tokens_count = tokens_count + ?,
       updated_at = max(updated_at, ?), checksum = NULL
     WHERE id = ?`,
  );
  return {
    add: (pattern) => void add.run(...patternValues(pattern)),
    get: (id) => {
      const row = get.get(id) as Row | undefined;
      return row && toPattern(row);
    },
    all: () => (all.all() as Row[]).map(toPattern),
    setPruned: (id, at) => void setPruned.run(at ?? null, id),
    count: ({ pattern_id, result, duration_ms, tokens_saved, at }, sign) => {
      if (pattern_id === undefined) return;
      const results = (['success', 'failure', 'partial'] as const).map((name) =>
        name === result ? sign : 0,
      );
      const measured = [duration_ms, tokens_saved].flatMap((value) =>
        value === undefined ? [0, 0] : [sign * value, sign],
      );
      count.run(...results, ...measured, sign === 1 ? at : 0, pattern_id);
    },
  };
}

// Totals are left out: they may exceed what a number holds exactly.
const select = `SELECT id, goal, agent_sequence, dependencies, parallel_groups, success_count, failure_count,
  partial_count, avg_duration_ms, avg_tokens_saved, created_at, updated_at, pruned_at FROM orchestration_patterns`;
