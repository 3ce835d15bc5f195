/**
 * How much a word counts in a vector of meaning.
 *
 * Definitions of a kind open and close with the same words ("Expert … specialist. Use proactively when …"): they say
 * little of the one and much of the format. A word of the name says the most; a word repeated over and over says
 * nothing more. Measured in docs/ranking.md.
 */
import { isStopWord } from './analyzer.ts';

const formulaWords = new Set(
  (
    'use uses used using when expert experts expertise specialist specialists specializing specialized specializes ' +
    'master masters mastering production ready proactively modern comprehensive best practice practices ensure ' +
    'ensures advanced include includes including skill skills agent agents handle handles cover covers provide ' +
    'provides deep knowledge build builds create creates creating guide guides designs implement implements ' +
    'implementing autonomous professional robust scalable efficient tool tools task tasks user users'
  ).split(' '),
);

const IN_DEFINITION = { formula: 0.2, name: 2, repeated: 0.1 };
/** From the fourth time on a word of a definition counts as repeated. */
const TIMES_HEARD = 3;
const IN_QUERY = { formula: 0.7, stop: 0.8, repeated: 0.3, number: 0.3 };

/** Weights of the words of one text in turn: each call is the next word. */
type Weigh = (word: string) => number;

/** For a definition or a passage of it. */
export function definitionWeights(name = ''): Weigh {
  const ofName = new Set((name.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase()));
  const times = new Map<string, number>();
  return (word) => {
    const lower = word.toLowerCase();
    const before = times.get(lower) ?? 0;
    times.set(lower, before + 1);
    if (before >= TIMES_HEARD) return IN_DEFINITION.repeated;
    const weight = formulaWords.has(lower) ? IN_DEFINITION.formula : 1;
    return before === 0 && ofName.has(lower) ? weight * IN_DEFINITION.name : weight;
  };
}

/** For a question. */
export function queryWeights(): Weigh {
  const seen = new Set<string>();
  return (word) => {
    const lower = word.toLowerCase();
    if (seen.has(lower)) return IN_QUERY.repeated;
    seen.add(lower);
    if (/^\d+$/.test(lower)) return IN_QUERY.number;
    if (isStopWord(lower)) return IN_QUERY.stop;
    return formulaWords.has(lower) ? IN_QUERY.formula : 1;
  };
}
