/** What a logged query says of the decision that came of it: the goal asked about, and what was recommended. */
import type { QueryRecord } from '../storage/storage.ts';
import type { Team } from './team.ts';

/** The goal in the words of the question; undefined where it had none. */
export function goalOf(route: QueryRecord | undefined): string | undefined {
  const { goal, context } = route?.params ?? {};
  const text = goal ?? context;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The pattern that was recommended. */
export function recommendedPattern(route: QueryRecord | undefined): string | undefined {
  return route?.method === 'getOrchestrationPattern' ? route.returned[0] : undefined;
}

/**
 * Whether a decision took the advice: the first agent recommended is in the team, or the team is the one of the
 * recommended plan. A decision without a known question took none.
 */
export function followed(route: QueryRecord | undefined, plan: Team | undefined, team: Team): boolean {
  const first = route?.returned[0];
  if (first === undefined) return false;
  return plan ? plan.ids.every((id) => team.ids.includes(id)) : team.ids.includes(first);
}
