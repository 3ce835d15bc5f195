/**
 * How well goals are matched: `npm run bench:patterns` (`--json` for machines, `--fit` to print fitted weights).
 *
 *   pairs    would one plan serve both goals? As shipped, and cross-validated: weights fitted without the area judged
 *   library  120 stored goals, asked in other words, through the real service part and a real database
 *   speed    a thousand stored goals
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeness } from '../src/patterns/goal.ts';
import { createPatterns } from '../src/patterns/patterns.ts';
import type { Patterns } from '../src/patterns/ports.ts';
import { createMatcher, evidenceNames } from '../src/patterns/similarity.ts';
import { openStorage } from '../src/storage/sqlite/storage.ts';
import {
  fitWeights,
  pairRows,
  type Rows,
  readerOf,
  readings,
  type SearchRows,
  searchRows,
} from './goal-rows.ts';
import {
  type BenchCatalogue,
  type GoalPair,
  goalsPresent,
  loadLibrary,
  loadPairs,
  loadSearches,
  openBenchCatalogue,
} from './goals.ts';
import { auroc, calibrationError, mean } from './metrics.ts';

const THRESHOLD = 0.7;
async function main(): Promise<void> {
  if (!goalsPresent()) {
    console.log('The labelled goals are not here: nothing to measure.');
    return;
  }
  const bench = await openBenchCatalogue();
  const data = labelledRows(bench);
  if (process.argv.includes('--fit')) return printFit(data);
  const report = {
    pairs: measurePairs(bench, data),
    kinds: byKind(bench, data),
    parts: ablation(bench, data),
    library: await measureLibrary(bench),
    examples: await designExamples(bench),
    speed: await measureSpeed(bench),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else print(report);
}

function printFit(data: Labelled): void {
  const { weights, bias } = fitWeights({ ...data, places: data.pairs.map((_, at) => at) });
  for (const [at, name] of evidenceNames.entries())
    console.log(`${name.padEnd(20)} ${weights[at].toFixed(2)}`);
  console.log(`${'bias'.padEnd(20)} ${bias.toFixed(2)}`);
}

interface Labelled {
  readonly pairs: readonly GoalPair[];
  readonly labels: readonly boolean[];
  readonly readings: readonly Rows[];
  readonly searches: readonly SearchRows[];
}

function labelledRows(bench: BenchCatalogue): Labelled {
  const pairs = loadPairs();
  return {
    pairs,
    labels: pairs.map(({ same }) => same),
    readings: readings(bench, pairs),
    searches: searchRows(bench, loadSearches(), loadLibrary()),
  };
}

interface PairFigures {
  readonly name: string;
  readonly auc: number;
  readonly precision: number;
  readonly recall: number;
  readonly calibration: number;
}

function measurePairs(bench: BenchCatalogue, data: Labelled): PairFigures[] {
  const { pairs } = data;
  return [
    figures('as shipped', scoresOf(bench, pairs), pairs),
    figures('cross-validated by area', crossValidated(data, data.readings[0]), pairs),
    figures(
      '… 40 % of the lexicon missing',
      crossValidated(data, pairRows(bench, pairs, 0.4, 'judged')),
      pairs,
    ),
    figures('… all concerns missing', crossValidated(data, pairRows(bench, pairs, 1)), pairs),
  ];
}

function scoresOf(bench: BenchCatalogue, pairs: readonly GoalPair[]): number[] {
  const read = readerOf(bench);
  const matcher = createMatcher(bench.embedding);
  return pairs.map(({ a, b }) => matcher.similarity(read(a), read(b)));
}

/** Each pair is judged by weights fitted on the searches and on the pairs of all other areas. */
function crossValidated(data: Labelled, judged: Rows, columns?: readonly number[]): number[] {
  const scores = new Array<number>(data.pairs.length).fill(0);
  for (const area of new Set(data.pairs.map((pair) => pair.area))) {
    const places = data.pairs.flatMap((pair, at) => (pair.area === area ? [] : [at]));
    const model = fitWeights({ ...data, places, columns });
    for (const [at, pair] of data.pairs.entries())
      if (pair.area === area) scores[at] = model.predict(judged[at]);
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

function byKind(bench: BenchCatalogue, data: Labelled): KindFigures[] {
  const { pairs } = data;
  const shipped = scoresOf(bench, pairs);
  const validated = crossValidated(data, data.readings[0]);
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
function ablation(bench: BenchCatalogue, data: Labelled): PairFigures[] {
  const read = readerOf(bench);
  const { pairs } = data;
  const cosines = pairs.map(({ a, b }) => {
    const [left, right] = [read(a).vector, read(b).vector];
    return left && right ? closeness(left, right) : 0;
  });
  const upTo = (last: string): readonly number[] =>
    evidenceNames.flatMap((_, at) => (at <= evidenceNames.indexOf(last as never) ? [at] : []));
  const steps: [string, readonly number[]][] = [
    ['design formula (0.5 + 0.3 + 0.2)', upTo('design')],
    ['+ who would do it', upTo('doers')],
    ['+ what is left', upTo('shared by accident')],
    ['+ concerns', upTo('concern differs')],
    ['+ technologies, direction', upTo('direction')],
    ['+ actions, opposites', upTo('opposite')],
    ['+ phases: all', upTo('phase differs')],
  ];
  const without = (name: string, ...dropped: readonly number[]): [string, readonly number[]] => [
    `all without ${name}`,
    evidenceNames.map((_, at) => at).filter((at) => !dropped.includes(at)),
  ];
  const single = [
    without('the design formula', 0),
    without('who would do it', 1, 3),
    without('what is left', 2, 3, 4),
    without('concerns', 5, 6),
    without('technologies, direction', 7, 8, 9),
    without('actions, opposites', 10, 11, 12),
    without('phases', 13),
  ];
  return [
    figures('cosine of the vectors', cosines, pairs),
    ...[...steps, ...single].map(([name, columns]) =>
      figures(name, crossValidated(data, data.readings[0], columns), pairs),
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
