/**
 * Removing for good what somebody wants forgotten, in one transaction:
 *
 *   decisions that match → the queries that led to them → patterns; counts follow
 *
 * A pattern whose goal is in the words of a forgotten task keeps them no longer: it goes when no other decision vouches
 * for it, else it takes the words of the newest that does. `secure_delete` overwrites the freed bytes.
 */
import type { ForgetWhat, Forgotten, StoredDecision } from '../storage.ts';
import type { DecisionTable } from './decisions.ts';
import type { Connection, Row, SqlValue } from './driver.ts';
import { toDecision } from './rows.ts';

/** Belongs inside a transaction. */
export function forgetIn(connection: Connection, decisions: DecisionTable, what: ForgetWhat): Forgotten {
  if (isEmpty(what)) return { queries: 0, patterns: 0, decisions: 0 };
  const forgotten = matchingDecisions(connection, what);
  for (const decision of forgotten) decisions.remove(decision);
  return {
    decisions: forgotten.length,
    queries: forgetQueries(connection, what, forgotten),
    patterns: forgetPatterns(connection, what) + forgetGoals(connection, forgotten),
  };
}

/** Nothing named is nothing to forget. */
export function isEmpty({ task_id, pattern_id, before }: ForgetWhat): boolean {
  return task_id === undefined && pattern_id === undefined && before === undefined;
}

function matchingDecisions(connection: Connection, what: ForgetWhat): StoredDecision[] {
  const { sql, values } = allOf({
    'task_id = ?': what.task_id,
    'pattern_id = ?': what.pattern_id,
    'timestamp < ?': what.before,
  });
  const rows = connection.prepare(`SELECT * FROM decision_history WHERE ${sql}`).all(...values) as Row[];
  return rows.map(toDecision);
}

function forgetQueries(
  connection: Connection,
  what: ForgetWhat,
  decisions: readonly StoredDecision[],
): number {
  const byRoute = connection.prepare('DELETE FROM agent_queries WHERE route_id = ?');
  let removed = 0;
  for (const { route_id } of decisions) {
    if (route_id !== undefined) removed += Number(byRoute.run(route_id).changes);
  }
  if (!isByAge(what)) return removed;
  return removed + run(connection, 'DELETE FROM agent_queries WHERE timestamp < ?', what.before ?? 0);
}

function isByAge({ task_id, pattern_id }: ForgetWhat): boolean {
  return task_id === undefined && pattern_id === undefined;
}

function forgetPatterns(connection: Connection, what: ForgetWhat): number {
  if (what.task_id !== undefined) return 0;
  const { sql, values } = allOf({ 'id = ?': what.pattern_id, 'updated_at < ?': what.before });
  return run(
    connection,
    `DELETE FROM orchestration_patterns WHERE ${sql}
     AND NOT EXISTS (SELECT 1 FROM decision_history WHERE pattern_id = orchestration_patterns.id)`,
    ...values,
  );
}

function forgetGoals(connection: Connection, decisions: readonly StoredDecision[]): number {
  const isWorded = '(goal = ? OR learned_from = ?)';
  const remove = connection.prepare(
    `DELETE FROM orchestration_patterns WHERE ${isWorded}
     AND NOT EXISTS (SELECT 1 FROM decision_history WHERE pattern_id = orchestration_patterns.id)`,
  );
  const reword = connection.prepare(
    `UPDATE orchestration_patterns SET checksum = NULL, (goal, learned_from) =
       (SELECT task_description, task_id FROM decision_history WHERE pattern_id = orchestration_patterns.id
        ORDER BY timestamp DESC, id DESC LIMIT 1)
     WHERE ${isWorded}`,
  );
  let removed = 0;
  for (const { task_description, task_id } of decisions) {
    removed += Number(remove.run(task_description, task_id).changes);
    reword.run(task_description, task_id);
  }
  return removed;
}

function run(connection: Connection, sql: string, ...values: SqlValue[]): number {
  return Number(connection.prepare(sql).run(...values).changes);
}

/** The conditions whose value is given, joined. */
function allOf(conditions: Readonly<Record<string, SqlValue | undefined>>): {
  sql: string;
  values: SqlValue[];
} {
  const given = Object.entries(conditions).flatMap(([sql, value]) =>
    value === undefined ? [] : [{ sql, value }],
  );
  return { sql: given.map(({ sql }) => sql).join(' AND '), values: given.map(({ value }) => value) };
}
