/**
 * Labelled goals as rows of evidence, and the matcher's weights fitted to them.
 *
 *   pairs of goals            look-alikes chosen to be hard, and paraphrases
 *   searches of the library   each query with its right goals, and with the wrong ones that come nearest
 *
 * Weights are fitted on rows read with parts of the lexicon left out too, so that they do not lean on its having every
 * phrase: it was written with these sets at hand, and other goals will use other words.
 */
import { createGoalReader, type Goal } from '../src/patterns/goal.ts';
import { concerns } from '../src/patterns/lexicon/concerns.ts';
import { uniform } from '../src/patterns/random.ts';
import { createMatcher, roughly } from '../src/patterns/similarity.ts';
import type { BenchCatalogue, GoalPair, GoalSearch, StoredGoal } from './goals.ts';
import { fitLogistic, type LabelledRow, type LogisticModel } from './logistic.ts';

export const RIDGE = 0.001;
/** Share of the lexicon left out in each reading. */
const THINNED = [0, 0.4, 0.4, 0.4];
/** How much a row of a search counts beside one of a pair. */
const SEARCH_WEIGHT = 0.5;
/** Wrong goals taken with each query, and goals compared with it. */
const WRONG = 5;
const COMPARED = 25;

export type Rows = readonly (readonly number[])[];

/** Reads goals with a share of the lexicon's concerns left out, and half that share of the phrases of the others. */
export function readerOf(
  { embedding, index }: BenchCatalogue,
  missing = 0,
  seed = '',
): (text: string) => Goal {
  const next = uniform(`lexicon ${seed}`);
  const kept = Object.entries(concerns)
    .filter(() => next() >= missing)
    .map(([name, phrases]): [string, string] => [
      name,
      phrases
        .split(',')
        .filter(() => next() >= missing / 2)
        .join(','),
    ])
    .filter(([, phrases]) => phrases !== '');
  const reader = createGoalReader({
    embedding,
    distribution: (text) => index.distribution(text, 0.05),
    concerns: Object.fromEntries(kept),
  });
  const known = new Map<string, Goal>();
  return (text) => {
    const goal = known.get(text) ?? reader.goal(text);
    known.set(text, goal);
    return goal;
  };
}

export function pairRows(bench: BenchCatalogue, pairs: readonly GoalPair[], missing = 0, seed = ''): Rows {
  const read = readerOf(bench, missing, seed);
  const { evidence } = createMatcher(bench.embedding);
  return pairs.map(({ a, b }) => evidence(read(a), read(b)));
}

/** Every reading of the pairs that is used for fitting. */
export function readings(bench: BenchCatalogue, pairs: readonly GoalPair[]): Rows[] {
  return THINNED.map((missing, at) => pairRows(bench, pairs, missing, `fit ${at}`));
}

export interface SearchRows {
  readonly right: Rows;
  readonly wrong: Rows;
}

export function searchRows(
  bench: BenchCatalogue,
  searches: readonly GoalSearch[],
  library: readonly StoredGoal[],
): SearchRows[] {
  const read = readerOf(bench);
  const { evidence } = createMatcher(bench.embedding);
  return searches.map(({ query, relevant }) => {
    const goal = read(query);
    const compare = (stored: StoredGoal): number[] => evidence(goal, read(stored.goal));
    const right = library.filter(({ pattern_id }) => relevant.includes(pattern_id));
    const wrong = library
      .filter((stored) => !right.includes(stored))
      .sort((a, b) => roughly(goal, read(b.goal)) - roughly(goal, read(a.goal)))
      .slice(0, COMPARED);
    return { right: right.map(compare), wrong: wrong.map(compare) };
  });
}

/** Pairs by their place; columns left out of the evidence stay out of the model. */
export interface FitInput {
  readonly readings: readonly Rows[];
  readonly labels: readonly boolean[];
  readonly places: readonly number[];
  readonly searches: readonly SearchRows[];
  readonly columns?: readonly number[] | undefined;
}

/** Fits on the pairs, then twice more with the wrong goals that the model before held nearest. */
export function fitWeights({ readings: all, labels, places, searches, columns }: FitInput): LogisticModel {
  const cut = (row: readonly number[]): readonly number[] => columns?.map((at) => row[at] ?? 0) ?? row;
  const pairs = all.flatMap((rows) =>
    places.map((at): LabelledRow => ({ features: cut(rows[at]), label: labels[at], weight: 1 / all.length })),
  );
  let model = fitLogistic(pairs, RIDGE);
  for (let round = 0; round < 2; round++) {
    const nearest = (rows: Rows): Rows =>
      rows
        .map(cut)
        .sort((a, b) => model.predict(b) - model.predict(a))
        .slice(0, WRONG);
    const found = searches.flatMap(({ right, wrong }) => [
      ...right.map((row): LabelledRow => ({ features: cut(row), label: true, weight: SEARCH_WEIGHT })),
      ...nearest(wrong).map((features): LabelledRow => ({ features, label: false, weight: SEARCH_WEIGHT })),
    ]);
    model = fitLogistic([...pairs, ...found], RIDGE);
  }
  return {
    ...model,
    predict: (row) => model.predict(cut(row)),
  };
}
