/** Rows ↔ the port's types. */
import type { NewPattern, QueryRecord, StoredDecision, StoredPattern } from '../storage.ts';
import type { Row, SqlValue } from './driver.ts';

export function toPattern(row: Row): StoredPattern {
  const number = (column: string): number => Number(row[column]);
  return {
    id: String(row.id),
    goal: String(row.goal),
    agent_sequence: parse(row.agent_sequence),
    dependencies: parse(row.dependencies),
    parallel_groups: parse(row.parallel_groups),
    success_count: number('success_count'),
    failure_count: number('failure_count'),
    partial_count: number('partial_count'),
    avg_duration_ms: number('avg_duration_ms'),
    avg_tokens_saved: number('avg_tokens_saved'),
    created_at: number('created_at'),
    updated_at: number('updated_at'),
    ...(row.pruned_at === null ? {} : { pruned_at: number('pruned_at') }),
  };
}

/** In the order of the columns id, goal, agent_sequence, dependencies, parallel_groups, created_at, updated_at, learned_from. */
export function patternValues(pattern: NewPattern): SqlValue[] {
  return [
    pattern.id,
    pattern.goal,
    JSON.stringify(pattern.agent_sequence),
    JSON.stringify(pattern.dependencies),
    JSON.stringify(pattern.parallel_groups),
    pattern.created_at,
    pattern.created_at,
    pattern.learned_from ?? null,
  ];
}

export function toDecision(row: Row): StoredDecision {
  const optional = Object.fromEntries(
    optionalMembers.filter((member) => row[member] !== null).map((member) => [member, row[member]]),
  );
  return {
    id: String(row.id),
    task_id: String(row.task_id),
    task_description: String(row.task_description),
    agents_used: parse(row.agents_used),
    result: row.result as StoredDecision['result'],
    ...optional,
    at: Number(row.timestamp),
  };
}

const optionalMembers = [
  'duration_ms',
  'tokens_saved',
  'route_id',
  'pattern_id',
  'source',
  'certainty',
] as const;

/** In the order of `decisionColumns`. */
export function decisionValues(decision: Omit<StoredDecision, 'id'>): SqlValue[] {
  return [
    decision.task_id,
    decision.task_description,
    JSON.stringify(decision.agents_used),
    decision.result,
    ...optionalMembers.map((member) => decision[member] ?? null),
    decision.at,
  ];
}

export const decisionColumns = [
  'task_id',
  'task_description',
  'agents_used',
  'result',
  ...optionalMembers,
  'timestamp',
] as const;

/** In the order of the columns route_id, method, params, returned, cache_hit, duration_ms, timestamp. */
export function queryValues(record: QueryRecord): SqlValue[] {
  return [
    record.route_id,
    record.method,
    JSON.stringify(record.params),
    JSON.stringify(record.returned),
    record.cache_hit ? 1 : 0,
    record.duration_ms,
    record.at,
  ];
}

/** Undefined for a row that is damaged: the log has no seals. */
export function toQuery(row: Row): QueryRecord | undefined {
  try {
    return {
      route_id: String(row.route_id),
      method: String(row.method) as QueryRecord['method'],
      params: parse(row.params),
      returned: parse(row.returned),
      cache_hit: row.cache_hit === 1,
      duration_ms: Number(row.duration_ms),
      at: Number(row.timestamp),
    };
  } catch {
    return undefined;
  }
}

/** The caller names the type its column was written from; seals hold the content to it. */
function parse<T>(json: unknown): T {
  return JSON.parse(String(json)) as T;
}
