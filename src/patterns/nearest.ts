/** What is near a goal nothing fits: for errors and reasoning. */
import type { Nearest } from '../protocol/errors.ts';
import type { Goal } from './goal.ts';
import type { Memory } from './memory.ts';

const SHOWN = 3;

export function nearestPatterns({ library, goals }: Memory, goal: string | Goal): Nearest[] {
  const read = typeof goal === 'string' ? goals.fresh.goal(goal) : goal;
  return library
    .nearest(read, SHOWN)
    .map(({ known, similarity }) => ({ id: known.stored.id, name: known.stored.goal, score: similarity }));
}
