/**
 * How each pattern fared, newer outcomes weighing more.
 *
 * All weights halve at one pace, so sums at one fixed moment carry everything: an outcome at time t adds
 * 2^((t − origin) / half-life), and reading a sum scales it to now. Taking an outcome back subtracts the same.
 */
import type { Outcome } from '../protocol/entities.ts';
import type { StoredDecision, StoredPattern } from '../storage/storage.ts';
import { gains, HALF_LIFE_MS, type Tally, untried } from './rate.ts';

export type Weighed = Pick<StoredDecision, 'result' | 'at' | 'certainty'>;

export interface Evidence {
  /** `sign` −1 takes an outcome back. */
  add(patternId: string, decision: Weighed, sign?: 1 | -1): void;
  /** As of `now`. */
  of(patternId: string, now: number): Tally;
}

/**
 * @param patterns with their counts; what they count beyond `decisions` weighs as the oldest of these
 * @param decisions oldest first
 */
export function createEvidence(
  patterns: readonly StoredPattern[],
  decisions: readonly StoredDecision[],
  now: number,
): Evidence {
  const origin = decisions[0]?.at ?? now;
  const sums = new Map<string, { weight: number; gain: number }>();
  const bump = (id: string, weight: number, gain: number): void => {
    const sum = sums.get(id) ?? { weight: 0, gain: 0 };
    sums.set(id, { weight: sum.weight + weight, gain: sum.gain + gain });
  };
  const add: Evidence['add'] = (id, decision, sign = 1) => {
    const weight = sign * (decision.certainty ?? 1) * 2 ** ((decision.at - origin) / HALF_LIFE_MS);
    bump(id, weight, weight * gains[decision.result]);
  };
  for (const [id, counts] of unseen(patterns, decisions)) {
    bump(id, sum(counts), counts.success + gains.partial * counts.partial);
  }
  for (const decision of decisions) if (decision.pattern_id !== undefined) add(decision.pattern_id, decision);
  return {
    add,
    of: (id, at) => {
      const scale = 2 ** ((origin - at) / HALF_LIFE_MS);
      const kept = sums.get(id) ?? untried;
      return { weight: Math.max(0, kept.weight * scale), gain: Math.max(0, kept.gain * scale) };
    },
  };
}

type Counts = Record<Outcome, number>;

const sum = (counts: Counts): number => counts.success + counts.failure + counts.partial;

/** What patterns count beyond the decisions at hand. */
function unseen(
  patterns: readonly StoredPattern[],
  decisions: readonly StoredDecision[],
): Map<string, Counts> {
  const rest = new Map<string, Counts>();
  for (const { id, success_count, failure_count, partial_count } of patterns) {
    rest.set(id, { success: success_count, failure: failure_count, partial: partial_count });
  }
  for (const { pattern_id, result } of decisions) {
    const counts = rest.get(pattern_id ?? '');
    if (counts) counts[result] = Math.max(0, counts[result] - 1);
  }
  return rest;
}
