/** Records for tests, whole but for what a test says about them. */
import type { NewPattern, QueryRecord, StoredDecision } from '../../src/storage/storage.ts';

export const start = Date.UTC(2026, 0, 1);

export function query(route: string, more: Partial<QueryRecord> = {}): QueryRecord {
  return {
    route_id: route,
    method: 'queryAgents',
    params: { context: `context of ${route}`, limit: 3 },
    returned: ['a:one', 'b:two'],
    cache_hit: false,
    duration_ms: 1.25,
    at: start,
    ...more,
  };
}

export function pattern(id: string, more: Partial<NewPattern> = {}): NewPattern {
  return {
    id,
    goal: `goal of ${id}`,
    agent_sequence: ['architect', 'developer'],
    dependencies: { developer: ['architect'] },
    parallel_groups: [['architect'], ['developer']],
    created_at: start,
    ...more,
  };
}

export function decision(
  task: string,
  more: Partial<Omit<StoredDecision, 'id'>> = {},
): Omit<StoredDecision, 'id'> {
  return {
    task_id: task,
    task_description: `do ${task}`,
    agents_used: ['architect', 'developer'],
    result: 'success',
    at: start,
    ...more,
  };
}
