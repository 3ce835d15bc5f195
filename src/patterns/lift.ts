/**
 * Whether following a recommendation pays: success where it was followed, less success of the rest.
 *
 *   lift = (s₁ + 1) / (n₁ + 2) − (s₀ + 1) / (n₀ + 2)
 *
 * over the newest `KEPT` decisions, partial ones counting half (Laplace's rule of succession keeps small groups from
 * boasting). A difference seen, not an experiment: who does not follow may have harder tasks.
 */
import type { Outcome } from '../protocol/entities.ts';
import { gains } from './rate.ts';

const KEPT = 2000;
/** Decisions each group needs before the difference is worth telling. */
const ENOUGH = 10;

export interface Lift {
  /** Replaces what was noted for the task. */
  note(taskId: string, followed: boolean, result: Outcome): void;
  /** −1..1; null until both groups have enough decisions. */
  value(): number | null;
}

export function createLift(): Lift {
  const noted = new Map<string, { readonly followed: boolean; readonly gain: number }>();
  const rateOf = (followed: boolean): number | undefined => {
    const group = [...noted.values()].filter((note) => note.followed === followed);
    if (group.length < ENOUGH) return undefined;
    return (group.reduce((sum, { gain }) => sum + gain, 0) + 1) / (group.length + 2);
  };
  return {
    note: (taskId, followed, result) => {
      noted.delete(taskId);
      noted.set(taskId, { followed, gain: gains[result] });
      for (const oldest of noted.keys()) {
        if (noted.size <= KEPT) break;
        noted.delete(oldest);
      }
    },
    value: () => {
      const [followed, rest] = [rateOf(true), rateOf(false)];
      return followed === undefined || rest === undefined ? null : followed - rest;
    },
  };
}
