/** The table of decisions. Every way a decision comes, changes or goes keeps the counts of its pattern right. */
import type { NewPattern, RecordedDecision, StoredDecision } from '../storage.ts';
import type { Connection, Row, SqlValue } from './driver.ts';
import type { PatternTable } from './patterns.ts';
import { decisionColumns, decisionValues, toDecision } from './rows.ts';

/** Its methods that write belong inside a transaction. */
export interface DecisionTable {
  record(decision: Omit<StoredDecision, 'id'>, pattern?: NewPattern): RecordedDecision;
  get(taskId: string): StoredDecision | undefined;
  /** The newest `limit`, oldest first. */
  newest(limit: number): StoredDecision[];
  remove(decision: StoredDecision): void;
}

export function createDecisionTable(connection: Connection, patterns: PatternTable): DecisionTable {
  const get = connection.prepare('SELECT * FROM decision_history WHERE task_id = ?');
  const newest = connection.prepare(
    'SELECT * FROM decision_history ORDER BY timestamp DESC, id DESC LIMIT ?',
  );
  const insert = connection.prepare(
    `INSERT INTO decision_history (${decisionColumns.join(', ')})
     VALUES (${decisionColumns.map(() => '?').join(', ')}) RETURNING id`,
  );
  const update = connection.prepare(
    `UPDATE decision_history SET ${decisionColumns.map((column) => `${column} = ?`).join(', ')}, checksum = NULL
     WHERE id = ?`,
  );
  const remove = connection.prepare('DELETE FROM decision_history WHERE id = ?');

  const find = (taskId: string): StoredDecision | undefined => {
    const row = get.get(taskId) as Row | undefined;
    return row && toDecision(row);
  };
  /** Inserts, or writes over the one the task had; answers the id. */
  const write = (decision: Omit<StoredDecision, 'id'>, old: StoredDecision | undefined): string => {
    const values = decisionValues(decision);
    if (!old) return String((insert.get(...values) as Row).id);
    patterns.count(old, -1);
    update.run(...values, Number(old.id));
    return old.id;
  };
  return {
    record(given, pattern) {
      if (pattern) patterns.add(pattern);
      const known = given.pattern_id !== undefined && patterns.get(given.pattern_id) !== undefined;
      const decision = known ? given : { ...given, pattern_id: undefined };
      const old = find(decision.task_id);
      if (old && isSame(old, decision)) {
        return { decision_id: old.id, pattern_id: old.pattern_id, change: 'same' };
      }
      const id = write(decision, old);
      patterns.count(decision, 1);
      return { decision_id: id, pattern_id: decision.pattern_id, change: old ? 'corrected' : 'new' };
    },
    get: find,
    newest: (limit) => (newest.all(limit) as Row[]).map(toDecision).reverse(),
    remove(decision) {
      patterns.count(decision, -1);
      remove.run(Number(decision.id));
    },
  };
}

/** When it was said does not matter: the same again changes nothing. */
function isSame(old: StoredDecision, decision: Omit<StoredDecision, 'id'>): boolean {
  const members = (value: Omit<StoredDecision, 'id'>): SqlValue[] => decisionValues({ ...value, at: 0 });
  return JSON.stringify(members(old)) === JSON.stringify(members(decision));
}
