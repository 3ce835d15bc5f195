/** Questions about plans: the best one for a goal, and all that are similar. */
import { CallsheetError } from '../protocol/errors.ts';
import type { Params } from '../protocol/methods.ts';
import { type Match, wireMatch } from './library.ts';
import type { Memory } from './memory.ts';
import { nearestPatterns } from './nearest.ts';
import type { Answer } from './ports.ts';
import { runnableShare } from './team.ts';

/** "The same plan would serve." */
const LEAST_SIMILARITY = 0.7;
const DEFAULT_LIMIT = 5;

/** @throws CallsheetError `not_found` where no plan is similar enough, with the nearest goals. */
export function bestPattern(
  { goal, min_similarity = LEAST_SIMILARITY }: Params<'getOrchestrationPattern'>,
  memory: Memory,
): Answer<'getOrchestrationPattern'> {
  const read = memory.goals.fresh.goal(goal);
  const [best] = memory.library.match(read, min_similarity);
  if (best) return { ...wireMatch(best), confidence: confidenceOf(best) };
  const message = `No known plan serves this goal (similarity of at least ${min_similarity} was asked for).`;
  throw new CallsheetError('not_found', message, { nearest: nearestPatterns(memory, read) });
}

export function similarPatterns(
  { goal, min_similarity = LEAST_SIMILARITY, limit = DEFAULT_LIMIT }: Params<'queryPattern'>,
  memory: Memory,
): Answer<'queryPattern'> {
  const read = memory.goals.fresh.goal(goal);
  const matches = memory.library.match(read, min_similarity).slice(0, limit);
  return {
    patterns: matches.map(wireMatch),
    reasoning: reasoningOf(matches, min_similarity, memory, () => nearestPatterns(memory, read)),
    confidence: matches[0] ? confidenceOf(matches[0]) : 0,
  };
}

/** How likely the first plan serves the goal: its calibrated similarity, less what of it cannot be run. */
function confidenceOf({ similarity, known }: Match): number {
  return similarity * runnableShare(known.team);
}

function reasoningOf(
  matches: readonly Match[],
  least: number,
  { library }: Memory,
  nearest: () => ReturnType<typeof nearestPatterns>,
): string {
  const searched = `${library.active.length} known ${library.active.length === 1 ? 'plan' : 'plans'}`;
  const [best] = matches;
  if (best) {
    const { similarity, rate, known } = best;
    return (
      `${matches.length} of ${searched} at least ${least} similar; first: '${cut(known.stored.goal)}' ` +
      `(similarity ${similarity.toFixed(2)}, success rate ${rate.toFixed(2)})`
    );
  }
  const near = nearest().map(({ name, score }) => `'${cut(name)}' (${score.toFixed(2)})`);
  return `None of ${searched} is at least ${least} similar${near.length > 0 ? `; nearest: ${near.join(', ')}` : ''}`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
