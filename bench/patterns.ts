/**
 * How well goals are matched: `npm run bench:patterns` (`--json` for machines, `--fit` to print fitted weights).
 *
 *   pairs    would one plan serve both goals?   as shipped, and cross-validated (weights fitted without the area judged)
 *   library  120 stored goals, asked in other words, through the real service part and a real database
 *   speed    a thousand stored goals
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeness, createGoalReader, type Goal } from '../src/patterns/goal.ts';
import { concerns } from '../src/patterns/lexicon/concerns.ts';
import { createPatterns } from '../src/patterns/patterns.ts';
import type { Patterns } from '../src/patterns/ports.ts';
import { uniform } from '../src/patterns/random.ts';
import { createMatcher, evidenceNames } from '../src/patterns/similarity.ts';
import { openStorage } from '../src/storage/sqlite/storage.ts';
import {
  type BenchCatalogue,
  type GoalPair,
  goalsPresent,
  loadLibrary,
  loadPairs,
  loadSearches,
  openBenchCatalogue,
} from './goals.ts';
import { fitLogistic } from './logistic.ts';
import { auroc, calibrationError, mean } from './metrics.ts';

const THRESHOLD = 0.7;
const RIDGE = 0.03;
/** Shares of the lexicon that are left out while weights are fitted, so that they do not lean on its having every phrase. */
const THINNED = [0, 0.4, 0.4, 0.4];

type Rows = readonly (readonly number[])[];

async function main(): Promise<void> {
  if (!goalsPresent()) {
    console.log('The labelled goals are not here: nothing to measure.');
    return;
  }
  const bench = await openBenchCatalogue();
  const pairs = loadPairs();
  if (process.argv.includes('--fit')) return printFit(bench, pairs);
  const report = {
    pairs: measurePairs(bench, pairs),
    kinds: byKind(bench, pairs),
    parts: ablation(bench, pairs),
    library: await measureLibrary(bench),
    examples: await designExamples(bench),
    speed: await measureSpeed(bench),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else print(report);
}

/** Goals read with a share of the lexicon's concerns and phrases left out. */
function readerOf({ embedding, index }: BenchCatalogue, missing = 0, seed = ''): (text: string) => Goal {
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

function rowsOf(bench: BenchCatalogue, pairs: readonly GoalPair[], missing = 0, seed = ''): Rows {
  const read = readerOf(bench, missing, seed);
  const { evidence } = createMatcher(bench.embedding);
  return pairs.map(({ a, b }) => evidence(read(a), read(b)));
}

function thinned(bench: BenchCatalogue, pairs: readonly GoalPair[]): Rows[] {
  return THINNED.map((missing, at) => rowsOf(bench, pairs, missing, `fit ${at}`));
}

function printFit(bench: BenchCatalogue, pairs: readonly GoalPair[]): void {
  const sets = thinned(bench, pairs);
  const model = fitLogistic(
    sets.flat(),
    sets.flatMap(() => pairs.map(({ same }) => same)),
    RIDGE,
  );
  for (const [at, name] of evidenceNames.entries())
    console.log(`${name.padEnd(20)} ${model.weights[at].toFixed(2)}`);
  console.log(`${'bias'.padEnd(20)} ${model.bias.toFixed(2)}`);
}

interface PairFigures {
  readonly name: string;
  readonly auc: number;
  readonly precision: number;
  readonly recall: number;
  readonly calibration: number;
}

function measurePairs(bench: BenchCatalogue, pairs: readonly GoalPair[]): PairFigures[] {
  const shipped = scoresOf(bench, pairs);
  const sets = thinned(bench, pairs);
  const whole = rowsOf(bench, pairs);
  return [
    figures('as shipped', shipped, pairs),
    figures('cross-validated by area', crossValidated(sets, whole, pairs), pairs),
    figures(
      '… 40 % of the lexicon missing',
      crossValidated(sets, rowsOf(bench, pairs, 0.4, 'judged'), pairs),
      pairs,
    ),
    figures('… all concerns missing', crossValidated(sets, rowsOf(bench, pairs, 1, 'judged'), pairs), pairs),
  ];
}

function scoresOf(bench: BenchCatalogue, pairs: readonly GoalPair[]): number[] {
  const read = readerOf(bench);
  const matcher = createMatcher(bench.embedding);
  return pairs.map(({ a, b }) => matcher.similarity(read(a), read(b)));
}

/** Each pair is judged by weights fitted on the pairs of all other areas. */
function crossValidated(
  sets: readonly Rows[],
  judged: Rows,
  pairs: readonly GoalPair[],
  columns?: readonly number[],
): number[] {
  const cut = (row: readonly number[]): readonly number[] => columns?.map((at) => row[at] ?? 0) ?? row;
  const scores = new Array<number>(pairs.length).fill(0);
  for (const area of new Set(pairs.map((pair) => pair.area))) {
    const learned = pairs.flatMap((pair, at) => (pair.area === area ? [] : [at]));
    const model = fitLogistic(
      sets.flatMap((rows) => learned.map((at) => cut(rows[at]))),
      sets.flatMap(() => learned.map((at) => pairs[at].same)),
      RIDGE,
    );
    for (const [at, pair] of pairs.entries())
      if (pair.area === area) scores[at] = model.predict(cut(judged[at]));
  }
  return scores;
}

function figures(name: string, scores: readonly number[], pairs: readonly GoalPair[]): PairFigures {
  const cases = scores.map((value, at) => ({ value, positive: pairs[at].same }));
  const accepted = cases.filter(({ value }) => value >= THRESHOLD);
  const right = accepted.filter(({ positive }) => positive).length;
  return {
    name,
    auc: auroc(cases),
    precision: right / accepted.length,
    recall: right / pairs.filter(({ same }) => same).length,
    calibration: calibrationError(cases),
  };
}

interface KindFigures {
  readonly kind: string;
  readonly same: boolean;
  readonly pairs: number;
  readonly similarity: number;
  /** On the right side of the threshold, as shipped and cross-validated. */
  readonly right: number;
  readonly rightCrossValidated: number;
}

function byKind(bench: BenchCatalogue, pairs: readonly GoalPair[]): KindFigures[] {
  const shipped = scoresOf(bench, pairs);
  const validated = crossValidated(thinned(bench, pairs), rowsOf(bench, pairs), pairs);
  const kinds = [...new Set(pairs.map(({ same, kind }) => `${same ? 'same' : 'other'} ${kind}`))].sort();
  return kinds.map((label) => {
    const [same, kind] = [label.startsWith('same '), label.slice(label.indexOf(' ') + 1)];
    const at = pairs.flatMap((pair, i) => (pair.kind === kind && pair.same === same ? [i] : []));
    const share = (scores: readonly number[]): number =>
      mean(at.map((i) => (scores[i] >= THRESHOLD === same ? 1 : 0)));
    return {
      kind,
      same,
      pairs: at.length,
      similarity: mean(at.map((i) => shipped[i])),
      right: share(shipped),
      rightCrossValidated: share(validated),
    };
  });
}

/** What each part adds, cross-validated: first alone, then with all before it. */
function ablation(bench: BenchCatalogue, pairs: readonly GoalPair[]): PairFigures[] {
  const read = readerOf(bench);
  const sets = thinned(bench, pairs);
  const whole = rowsOf(bench, pairs);
  const cosines = pairs.map(({ a, b }) => {
    const [left, right] = [read(a).vector, read(b).vector];
    return left && right ? closeness(left, right) : 0;
  });
  const steps: [string, readonly number[]][] = [
    ['design formula (0.5 + 0.3 + 0.2)', [0]],
    ['+ who would do it', [0, 1]],
    ['+ what is left (rest, shared)', [0, 1, 2, 3]],
    ['+ concerns', [0, 1, 2, 3, 4, 5]],
    ['+ technologies, direction', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['+ actions, opposites', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['+ phases: all', evidenceNames.map((_, at) => at)],
  ];
  const without = (name: string, ...dropped: readonly number[]): [string, readonly number[]] => [
    `all without ${name}`,
    evidenceNames.map((_, at) => at).filter((at) => !dropped.includes(at)),
  ];
  const single = [
    without('the design formula', 0),
    without('who would do it', 1),
    without('what is left', 2, 3),
    without('concerns', 4, 5),
    without('technologies, direction', 6, 7, 8),
    without('actions, opposites', 9, 10, 11),
    without('phases', 12),
  ];
  return [
    figures('cosine of the vectors', cosines, pairs),
    ...[...steps, ...single].map(([name, columns]) =>
      figures(name, crossValidated(sets, whole, pairs, columns), pairs),
    ),
  ];
}

/** Patterns over a database of its own, gone afterwards. */
async function withPatterns<T>(
  { catalogue, embedding }: BenchCatalogue,
  work: (patterns: Patterns) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'callsheet-bench-'));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const storage = await openStorage({ directory, clock: Date.now, log: silent });
  try {
    return await work(
      createPatterns({
        catalogue: () => catalogue,
        storage,
        embedding,
        clock: Date.now,
        learning: true,
        seed: 'bench',
      }),
    );
  } finally {
    await storage.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface LibraryFigures {
  readonly stored: number;
  readonly answerable: number;
  readonly recallAt1: number;
  /** At the threshold: answerable ones whose first answer is right, or wrong, and unanswerable ones answered. */
  readonly answeredRight: number;
  readonly answeredWrong: number;
  readonly unanswerable: number;
  readonly unanswerableAnswered: number;
}

async function measureLibrary(bench: BenchCatalogue): Promise<LibraryFigures> {
  const library = loadLibrary();
  const searches = loadSearches();
  return withPatterns(bench, async (patterns) => {
    const idOf = new Map<string, string>();
    for (const { goal, pattern_id } of library) {
      const { pattern } = await patterns.storePattern({ goal, agent_sequence: ['architect'] });
      idOf.set(pattern.id, pattern_id);
    }
    const first = async (goal: string, least: number): Promise<string | undefined> => {
      const { patterns: found } = await patterns.queryPattern({ goal, min_similarity: least, limit: 1 });
      return idOf.get(found[0]?.pattern.id ?? '');
    };
    const answers = await Promise.all(
      searches.map(async ({ query, relevant }) => {
        const [nearest, answer] = [await first(query, 0), await first(query, THRESHOLD)];
        return {
          answerable: relevant.length > 0,
          nearestRight: relevant.includes(nearest ?? ''),
          answered: answer !== undefined,
          right: relevant.includes(answer ?? ''),
        };
      }),
    );
    const answerable = answers.filter((answer) => answer.answerable);
    const rest = answers.filter((answer) => !answer.answerable);
    const share = (list: typeof answers, test: (answer: (typeof answers)[number]) => boolean): number =>
      list.filter(test).length / list.length;
    return {
      stored: library.length,
      answerable: answerable.length,
      recallAt1: share(answerable, ({ nearestRight }) => nearestRight),
      answeredRight: share(answerable, ({ right }) => right),
      answeredWrong: share(answerable, ({ answered, right }) => answered && !right),
      unanswerable: rest.length,
      unanswerableAnswered: share(rest, ({ answered }) => answered),
    };
  });
}

interface Example {
  readonly stored: string;
  readonly asked: string;
  readonly similarity: number;
  readonly found: boolean;
}

/** The examples of the original design. */
async function designExamples(bench: BenchCatalogue): Promise<Example[]> {
  const cases: [string, string][] = [
    ['add authentication to existing API', 'implement user authentication'],
    ['add authentication to existing API', 'add authentication to API'],
    ['add OAuth2 authentication', 'implement user authentication'],
  ];
  const examples: Example[] = [];
  for (const [stored, asked] of cases) {
    examples.push(
      await withPatterns(bench, async (patterns) => {
        await patterns.storePattern({ goal: stored, agent_sequence: ['security-auditor'] });
        const { patterns: found } = await patterns.queryPattern({ goal: asked, min_similarity: 0 });
        const similarity = found[0]?.similarity ?? 0;
        return { stored, asked, similarity, found: similarity >= THRESHOLD };
      }),
    );
  }
  return examples;
}

interface SpeedFigures {
  readonly patterns: number;
  readonly p50: number;
  readonly p95: number;
}

/** Milliseconds of `queryPattern` among a thousand stored goals. */
async function measureSpeed(bench: BenchCatalogue): Promise<SpeedFigures> {
  const goals = [
    ...new Set([...loadLibrary().map(({ goal }) => goal), ...loadPairs().flatMap(({ a, b }) => [a, b])]),
  ];
  return withPatterns(bench, async (patterns) => {
    for (let at = 0; at < 1000; at++) {
      const goal = `${goals[at % goals.length]}${at < goals.length ? '' : ` for module ${at}`}`;
      await patterns.storePattern({ goal, agent_sequence: ['architect'] });
    }
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const { query } of loadSearches()) {
        const started = performance.now();
        await patterns.queryPattern({ goal: query });
        times.push(performance.now() - started);
      }
    }
    const sorted = times.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
    return { patterns: patterns.stats().total, p50: at(0.5), p95: at(0.95) };
  });
}

interface Report {
  readonly pairs: readonly PairFigures[];
  readonly kinds: readonly KindFigures[];
  readonly parts: readonly PairFigures[];
  readonly library: LibraryFigures;
  readonly examples: readonly Example[];
  readonly speed: SpeedFigures;
}

function print({ pairs, kinds, parts, library, examples, speed }: Report): void {
  const fixed = (value: number): string => value.toFixed(3).padStart(10);
  const row = ({ name, auc, precision, recall, calibration }: PairFigures): string =>
    name.padEnd(36) + [auc, precision, recall, calibration].map(fixed).join('');
  const head = ['ROC AUC', 'P at 0.7', 'R at 0.7', 'cal.error'].map((cell) => cell.padStart(10)).join('');
  console.log(`${'pairs'.padEnd(36)}${head}`);
  for (const figures of pairs) console.log(row(figures));
  console.log(`\n${'what each part adds'.padEnd(36)}${head}`);
  for (const figures of parts) console.log(row(figures));
  console.log(
    `\n${'kind of pair'.padEnd(26)}${['pairs', 'mean', 'right', 'right, cv'].map((c) => c.padStart(10)).join('')}`,
  );
  for (const { kind, same, pairs: count, similarity, right, rightCrossValidated } of kinds) {
    const name = `${same ? 'same' : 'different'}: ${kind}`.padEnd(26);
    console.log(
      name + `${count}`.padStart(10) + [similarity, right, rightCrossValidated].map(fixed).join(''),
    );
  }
  console.log(`\nlibrary of ${library.stored} goals`);
  console.log(`recall@1 of ${library.answerable} answerable: ${library.recallAt1.toFixed(3)}`);
  console.log(`at 0.7: right ${library.answeredRight.toFixed(3)}, wrong ${library.answeredWrong.toFixed(3)}`);
  console.log(
    `${library.unanswerable} unanswerable, answered at 0.7: ${library.unanswerableAnswered.toFixed(3)}`,
  );
  console.log('\nexamples of the design');
  for (const { stored, asked, similarity, found } of examples) {
    console.log(`${found ? 'found ' : 'missed'} ${similarity.toFixed(2)}  "${asked}" among "${stored}"`);
  }
  console.log(`\n${speed.patterns} patterns: p50 ${speed.p50.toFixed(2)} ms, p95 ${speed.p95.toFixed(2)} ms`);
}

await main();
