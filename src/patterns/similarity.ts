/**
 * Would the same plan serve both goals? A probability.
 *
 *   similarity = σ(bias + w₀ · (0.5 · cosine + 0.3 · keyword + 0.2 · string) + Σ wᵢ · evidenceᵢ)
 *
 * The three parts are those of the original formula, each seeing meaning: vectors and who would do it (cosine),
 * synonyms and neighbouring words (keyword), wording with interchangeable things masked (string). They say how much
 * two goals look alike; goals that look alike can still be different work, so what sets them apart is evidence of its
 * own: what is left of each when the words they share are taken away must mean the same.
 *
 * The weights are fitted by `npm run bench:patterns -- --fit` so that 0.7 means what it says; docs/learning.md shows
 * what each adds.
 */
import { agreement } from './doers.ts';
import { classOf, closeness, type Goal, quantise, type Term } from './goal.ts';
import { opposites } from './lexicon/actions.ts';
import type { GoalEmbedding } from './ports.ts';

export const evidenceNames = [
  'design',
  'doers',
  'rest',
  'rest and doers',
  'shared by accident',
  'concern shared',
  'concern differs',
  'technology shared',
  'technology differs',
  'direction',
  'action shared',
  'action differs',
  'opposite',
  'phase differs',
] as const;

/** In the order of `evidenceNames`: logistic regression on pairs of goals judged by hand. */
const weights: readonly number[] = [
  1.96, 1.12, 3.2, 2.12, -1.21, 2.12, -1.96, 0.97, -0.99, 0.03, 0.34, -0.83, -0.33, -0.42,
];
const bias = -3.1;

export interface Matcher {
  /**
   * Probability that one plan serves both goals, 0..1; 1 for the same words. Below `least` it may be answered as 0,
   * without the costly parts of the comparison.
   */
  similarity(a: Goal, b: Goal, least?: number): number;
  /** What the weights are for, in the order of `evidenceNames`. */
  evidence(a: Goal, b: Goal): number[];
}

export function createMatcher(embedding: GoalEmbedding | undefined): Matcher {
  const wording = (a: Goal, b: Goal): number => 0.3 * keywordPart(a, b) + 0.2 * stringPart(a, b);
  const evidence = (a: Goal, b: Goal): number[] =>
    complete(quickEvidence(a, b), wording(a, b), restPart(a, b, embedding), sharedWords(a, b));
  const similarity: Matcher['similarity'] = (a, b, least = 0) => {
    if (sameWords(a, b)) return 1;
    const quick = quickEvidence(a, b);
    if (least > 0 && calibrate(complete(quick, 0.5, 1, 0)) < least) return 0;
    const alike = wording(a, b);
    if (least > 0 && calibrate(complete(quick, alike, 1, 0)) < least) return 0;
    return calibrate(complete(quick, alike, restPart(a, b, embedding), sharedWords(a, b)));
  };
  return { evidence, similarity };
}

/** What costs little to compare; places of the rest are filled by `complete`. */
function quickEvidence(a: Goal, b: Goal): readonly number[] {
  return [
    0.5 * cosinePart(a, b),
    agreement(a.doers, b.doers),
    0,
    0,
    0,
    dice(a.concerns, b.concerns),
    disjoint(a.concerns, b.concerns),
    dice(a.uses, b.uses),
    Math.max(disjoint(a.uses, b.uses), rivals(a.uses, b.uses)),
    crossed(a, b),
    dice(a.actions, b.actions),
    disjoint(a.actions, b.actions),
    opposed(a.actions, b.actions),
    a.phases.size + b.phases.size > 0 && common(a.phases, b.phases) === 0 ? 1 : 0,
  ];
}

/** @param wording 0.3 · keyword + 0.2 · string */
function complete(quick: readonly number[], wording: number, rest: number, shared: number): number[] {
  const [cosine = 0, doers = 0] = quick;
  return [cosine + wording, doers, rest, rest * doers, (1 - rest) * shared, ...quick.slice(5)];
}

function calibrate(values: readonly number[]): number {
  const sum = values.reduce((total, value, at) => total + value * (weights[at] ?? 0), bias);
  return 1 / (1 + Math.exp(-sum));
}

function sameWords(a: Goal, b: Goal): boolean {
  return (
    a.content.length > 0 &&
    a.content.length === b.content.length &&
    a.content.every(({ stem }, at) => stem === b.content[at]?.stem)
  );
}

/** A quick lower-effort estimate that orders goals well enough to choose which deserve a full comparison. */
export function roughly(a: Goal, b: Goal): number {
  const meaning = a.vector && b.vector ? closeness(a.vector, b.vector) : 0;
  return (
    meaning + agreement(a.doers, b.doers) + 1.5 * dice(a.concerns, b.concerns) + 0.5 * dice(a.uses, b.uses)
  );
}

/** Cosine of the goals' vectors and agreement on who would do them, evenly. */
export function cosinePart(a: Goal, b: Goal): number {
  const meaning = a.vector && b.vector ? Math.max(0, closeness(a.vector, b.vector)) : keywordPart(a, b);
  return (meaning + agreement(a.doers, b.doers)) / 2;
}

/**
 * How much alike is what remains when the words they share are taken from both: "Face ID login" and "spending charts"
 * are not, "wallet" and "banking" nearly are. What only one of them adds must fit the other.
 */
function restPart(a: Goal, b: Goal, embedding: GoalEmbedding | undefined): number {
  const [restOfA, restOfB] = [without(a, b), without(b, a)];
  if (restOfA === '' && restOfB === '') return 1;
  if (!embedding) return keywordPart(a, b);
  const left = restOfA === '' ? a.text : restOfA;
  const right = restOfB === '' ? b.text : restOfB;
  return Math.max(0, closeness(quantise(embedding.embed(left)), quantise(embedding.embed(right))));
}

function without(goal: Goal, other: Goal): string {
  const stems = new Set(other.content.map(({ stem }) => stem));
  return goal.content
    .filter(({ stem }) => !stems.has(stem))
    .map(({ word }) => word)
    .join(' ');
}

/** Share of words, 0..1, that both have. */
function sharedWords(a: Goal, b: Goal): number {
  const total = a.content.length + b.content.length;
  const count = (one: Goal, other: Goal): number => {
    const stems = new Set(other.content.map(({ stem }) => stem));
    return one.content.filter(({ stem }) => stems.has(stem)).length;
  };
  return total === 0 ? 0 : (count(a, b) + count(b, a)) / total;
}

/** Weighted share of each goal's terms that the other has too; a neighbouring word counts in part. */
export function keywordPart(a: Goal, b: Goal): number {
  const bestOfB = new Float64Array(b.terms.length);
  let matched = 0;
  let total = 0;
  for (const term of a.terms) {
    let best = 0;
    for (let at = 0; at < bestOfB.length; at++) {
      const value = sameness(term, b.terms[at] as Term);
      if (value > best) best = value;
      if (value > (bestOfB[at] as number)) bestOfB[at] = value;
    }
    matched += term.weight * best;
    total += term.weight;
  }
  for (const [at, { weight }] of b.terms.entries()) {
    matched += weight * (bestOfB[at] as number);
    total += weight;
  }
  return total > 0 ? matched / total : 0;
}

/** Word vectors closer than this speak of related things, at `NEAR + SPAN` of the same. */
const NEAR = 0.35;
const SPAN = 0.5;

function sameness(a: Term, b: Term): number {
  if (a.name === b.name) return 1;
  if (!a.vector || !b.vector) return 0;
  return 0.8 * Math.max(0, Math.min(1, (closeness(a.vector, b.vector) - NEAR) / SPAN));
}

/** Levenshtein similarity over words in order, things masked: 1 − distance / length of the longer. */
export function stringPart(a: Goal, b: Goal): number {
  const longer = Math.max(a.wording.length, b.wording.length);
  return longer === 0 ? 0 : 1 - wordDistance(a.wording, b.wording) / longer;
}

function wordDistance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, word] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const replaced = (row[j] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const tag of a) if (b.has(tag)) count++;
  return count;
}

/** Dice coefficient; 0 where neither says anything. */
function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return a.size + b.size === 0 ? 0 : (2 * common(a, b)) / (a.size + b.size);
}

/** 1 where both say something and agree on nothing. */
function disjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return a.size > 0 && b.size > 0 && common(a, b) === 0 ? 1 : 0;
}

/** 1 where each uses a technology of one class that the other does not. */
function rivals(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const onlyHere = [...a].filter((name) => !b.has(name)).map((name) => classOf.get(name));
  return [...b].some((name) => !a.has(name) && onlyHere.includes(classOf.get(name))) ? 1 : 0;
}

/** 1 where one goal ends with what the other leaves behind. */
function crossed(a: Goal, b: Goal): number {
  return common(a.uses, b.leaves) + common(b.uses, a.leaves) > 0 ? 1 : 0;
}

const opposite = new Set(opposites.flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]));

function opposed(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const onlyThere = [...b].filter((name) => !a.has(name));
  return [...a].some((name) => !b.has(name) && onlyThere.some((other) => opposite.has(`${name} ${other}`)))
    ? 1
    : 0;
}
