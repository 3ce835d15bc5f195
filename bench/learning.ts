/**
 * Whether outcomes improve later choices: `npm run bench:learning` (`--json` for machines, `--seeds a,b,c`).
 *
 *   a seeded world with hidden chances of success ─► goal ─► first choice of the engine ─► outcome ─► recorded
 *
 * The engine sees goals alone. Reported is the share of the way from ranking by text to always choosing the best agent,
 * in true chance of success over the last hundred of 300 rounds; beside it two simple learners, one of which is told
 * what no engine can know.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPatterns } from '../src/patterns/patterns.ts';
import type { Patterns } from '../src/patterns/ports.ts';
import { uniform } from '../src/patterns/random.ts';
import { buildSearchIndex, type SearchIndex } from '../src/search/engine.ts';
import { cosine } from '../src/search/semantic.ts';
import { openStorage } from '../src/storage/sqlite/storage.ts';
import { type BenchCatalogue, goalsFolder, goalsPresent, loadJson, openBenchCatalogue } from './goals.ts';
import { mean, ndcg, standardError } from './metrics.ts';
import { loadSets } from './relevance.ts';

const ROUNDS = 300;
const JUDGED = 100;
const CANDIDATES = 30;

interface Task {
  readonly goal: string;
  /** Never shown to an engine. */
  readonly cluster: string;
}

/** What `stream.mjs` gives. */
interface World {
  nextTask(): Task;
  choose(task: Task): string[];
  outcome(
    cluster: string,
    agents: readonly string[],
  ): { result: 'success' | 'failure' | 'partial'; duration_ms: number };
  trueP(cluster: string, agents: readonly string[]): number;
  best(cluster: string): string;
}

type Outcome = ReturnType<World['outcome']>['result'];

/** Something that chooses an agent and may learn from what came of it. */
interface Learner {
  choose(task: Task): string;
  learn(task: Task, team: readonly string[], result: Outcome, round: number): Promise<void> | void;
}

interface Setting {
  readonly bench: BenchCatalogue;
  readonly seed: string;
  /** Share of the tasks for which somebody else chooses. */
  readonly others: number;
  readonly driftAt?: number;
}

interface Run {
  /** True chance of success of the first choice, round by round; and of the best agent. */
  readonly chosen: readonly number[];
  readonly oracle: readonly number[];
}

async function main(): Promise<void> {
  if (!goalsPresent()) {
    console.log('The labelled world is not here: nothing to measure.');
    return;
  }
  const bench = await openBenchCatalogue();
  const at = process.argv.indexOf('--seeds');
  const seeds = at > 0 ? (process.argv[at + 1] ?? '').split(',') : ['1', '2', '3', '4', '5'];
  const report = {
    own: await compare(bench, seeds, 0),
    others: await compare(bench, seeds, 0.25),
    drift: await recovery(bench, seeds),
    rosters: await unlike(bench),
    cost: await costOfAdjust(bench),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else print(report);
}

const worldModule = (await import(pathToFileURL(join(goalsFolder, 'stream.mjs')).href).catch(
  () => undefined,
)) as { createWorld(options: Record<string, unknown>): World } | undefined;

async function play(learner: Learner, { seed, others, driftAt }: Setting): Promise<Run> {
  if (!worldModule) throw new Error('stream.mjs is missing');
  const world = worldModule.createWorld({
    catalogue: loadJson('catalogue.json'),
    clusters: loadJson('clusters.json'),
    seed,
    ...(driftAt !== undefined && { driftAt }),
  });
  const chance = uniform(`others ${seed}`);
  const chosen: number[] = [];
  const oracle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const task = world.nextTask();
    const first = learner.choose(task);
    chosen.push(world.trueP(task.cluster, [first]));
    oracle.push(world.trueP(task.cluster, [world.best(task.cluster)]));
    const team = chance() < others ? world.choose(task) : [first];
    await learner.learn(task, team, world.outcome(task.cluster, team).result, round);
  }
  return { chosen, oracle };
}

/** Ranking by text alone. */
function byText({ index }: BenchCatalogue): Learner {
  return {
    choose: ({ goal }) => index.search({ text: goal, limit: 1 }).hits[0]?.id ?? '',
    learn: () => undefined,
  };
}

/** The engine: text, and history as a field of its own, over a real database. */
async function withEngine<T>(
  bench: BenchCatalogue,
  seed: string,
  work: (learner: Learner, patterns: Patterns) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'callsheet-bench-'));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const storage = await openStorage({ directory, clock: Date.now, log: silent });
  const { catalogue, embedding } = bench;
  const patterns = createPatterns({
    catalogue: () => catalogue,
    storage,
    embedding,
    clock: Date.now,
    learning: true,
    seed,
  });
  const learner: Learner = {
    choose: ({ goal }) => firstChoice(bench.index, patterns, goal),
    learn: async ({ goal }, team, result, round) => {
      await patterns.cacheDecision({
        task_id: `task ${round}`,
        task_description: goal,
        agents_used: [...team],
        result,
      });
    },
  };
  try {
    return await work(learner, patterns);
  } finally {
    await storage.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function firstChoice(index: SearchIndex, patterns: Patterns, goal: string): string {
  const { hits } = index.search({ text: goal, limit: CANDIDATES });
  const adjust = patterns.adjust(goal, hits);
  return (adjust.size > 0 ? index.search({ text: goal, limit: 1, adjust }).hits : hits)[0]?.id ?? '';
}

/** Successes and tries of each agent, weighted by similarity of goals: a plain kernel average. */
function kernelAverage(bench: BenchCatalogue, similarity: (a: Task, b: Task) => number): Learner {
  const past: { task: Task; team: readonly string[]; gain: number }[] = [];
  return {
    choose: (task) => {
      const { hits } = bench.index.search({ text: task.goal, limit: CANDIDATES });
      const top = hits[0]?.score ?? 1;
      const near = past.map((event) => ({ ...event, near: similarity(task, event.task) }));
      const value = ({ id, score }: { id: string; score: number }): number => {
        const own = near.filter(({ team }) => team.includes(id));
        const tried = own.reduce((sum, event) => sum + event.near, 0);
        const gained = own.reduce((sum, event) => sum + event.near * event.gain, 0);
        return (gained + 0.5 * (score / top)) / (tried + 1);
      };
      return [...hits].sort((a, b) => value(b) - value(a))[0]?.id ?? '';
    },
    learn: (task, team, result) => {
      past.push({ task, team, gain: result === 'success' ? 1 : 0 });
    },
  };
}

interface Compared {
  readonly seed: string;
  readonly text: number;
  readonly oracle: number;
  readonly engine: number;
  /** Share of the way from text to oracle. */
  readonly share: number;
  readonly kernelAverage: number;
  readonly trueCluster: number;
  readonly lift: number | null;
}

async function compare(bench: BenchCatalogue, seeds: readonly string[], others: number): Promise<Compared[]> {
  const rows: Compared[] = [];
  for (const seed of seeds) {
    const setting = { bench, seed, others };
    const text = await play(byText(bench), setting);
    const from = late(text.chosen);
    const oracle = late(text.oracle);
    const share = (run: Run): number => (late(run.chosen) - from) / (oracle - from);
    const vectors = new Map<string, Float32Array>();
    const vectorOf = (goal: string): Float32Array => {
      const vector = vectors.get(goal) ?? bench.embedding.embed(goal);
      vectors.set(goal, vector);
      return vector;
    };
    const near = (a: Task, b: Task): number => Math.max(0, cosine(vectorOf(a.goal), vectorOf(b.goal))) ** 4;
    const same = (a: Task, b: Task): number => (a.cluster === b.cluster ? 1 : 0);
    const [engine, lift] = await withEngine(bench, seed, async (learner, patterns) => {
      const run = await play(learner, setting);
      return [run, patterns.learning().lift] as const;
    });
    rows.push({
      seed,
      text: from,
      oracle,
      engine: late(engine.chosen),
      share: share(engine),
      kernelAverage: share(await play(kernelAverage(bench, near), setting)),
      trueCluster: share(await play(kernelAverage(bench, same), setting)),
      lift,
    });
  }
  return rows;
}

const late = (values: readonly number[]): number => mean(values.slice(-JUDGED));

interface Recovery {
  readonly seed: string;
  /** Share of the way from text to oracle before the best two agents of each cluster change places, and after. */
  readonly before: number;
  readonly after: number;
  readonly end: number;
}

async function recovery(bench: BenchCatalogue, seeds: readonly string[]): Promise<Recovery[]> {
  const rows: Recovery[] = [];
  for (const seed of seeds) {
    const setting = { bench, seed, others: 0.25, driftAt: 150 };
    const text = await play(byText(bench), setting);
    const engine = await withEngine(bench, seed, (learner) => play(learner, setting));
    const share = (from: number, to: number): number => {
      const [low, high, own] = [text.chosen, text.oracle, engine.chosen].map((list) =>
        mean(list.slice(from, to)),
      );
      return (own - low) / (high - low);
    };
    rows.push({ seed, before: share(100, 150), after: share(150, 200), end: share(250, 300) });
  }
  return rows;
}

interface Unlike {
  readonly set: string;
  readonly text: number;
  readonly trained: number;
}

/** nDCG@10 of queries of other people's tasks, after the world has trained the same agents. */
async function unlike(bench: BenchCatalogue): Promise<Unlike[]> {
  const rows: Unlike[] = [];
  for (const set of loadSets().filter(({ name }) => /^rosters\/.*agent$/.test(name))) {
    const index = await buildSearchIndex(set.documents, { embedding: bench.embedding });
    const nameOf = new Map(set.documents.map(({ id, name }) => [id, name]));
    const idOf = new Map(set.documents.map(({ id, name }) => [name, id]));
    const entries = set.documents.map((document) => ({ ...document, plugin: document.plugin ?? '' }));
    const catalogue = {
      ...bench.catalogue,
      entries: (kind: string) => (kind === 'agent' ? entries : []),
      index: (kind: string) => (kind === 'agent' ? index : undefined),
      resolve: (reference: string) => ({
        entry: entries.find(({ id, name }) => id === reference || name === reference),
        nearest: [],
      }),
    };
    const trained = { ...bench, catalogue, index };
    // Where the world's agents are the collection's, the loop is closed; elsewhere the world's own choices teach.
    const closed = set.name.includes('orchestr8');
    const setting = { bench: trained, seed: 'rosters', others: closed ? 0.25 : 1 };
    rows.push(
      await withEngine(trained, 'rosters', async (learner, patterns) => {
        // The world speaks of names, the collection of ids.
        await play({ ...learner, choose: (task) => nameOf.get(learner.choose(task)) ?? '' }, setting);
        const ranked = (adjusted: boolean): number =>
          mean(
            set.queries
              .filter(({ relevant }) => relevant.size > 0)
              .map(({ text, relevant }) => {
                const { hits } = index.search({ text, limit: CANDIDATES });
                const adjust = adjusted ? patterns.adjust(text, hits) : new Map();
                const found = adjust.size > 0 ? index.search({ text, limit: 20, adjust }).hits : hits;
                const names = found.map(({ id }) => set.familyOf(nameOf.get(id) ?? id));
                return ndcg([...new Set(names)], relevant);
              }),
          );
        return { set: `${set.name} (${idOf.size} agents)`, text: ranked(false), trained: ranked(true) };
      }),
    );
  }
  return rows;
}

interface Cost {
  /** Decisions remembered, each with a goal of its own. */
  readonly decisions: number;
  /** Milliseconds of one `adjust`. */
  readonly p50: number;
  readonly p95: number;
}

/** What one `adjust` costs when as much is remembered as ever is. */
async function costOfAdjust(bench: BenchCatalogue, decisions = 5000): Promise<Cost> {
  const goals = (loadJson('clusters.json') as { clusters: { goals: string[] }[] }).clusters.flatMap(
    (c) => c.goals,
  );
  const agents = bench.catalogue.entries('agent').map(({ name }) => name);
  return withEngine(bench, 'cost', async (learner, patterns) => {
    for (let at = 0; at < decisions; at++) {
      const task = { goal: `${goals[at % goals.length]} (part ${at})`, cluster: '' };
      await learner.learn(task, [agents[at % agents.length] ?? ''], at % 3 === 0 ? 'failure' : 'success', at);
    }
    const times = goals.map((goal) => {
      const { hits } = bench.index.search({ text: goal, limit: CANDIDATES });
      const start = performance.now();
      patterns.adjust(goal, hits);
      return performance.now() - start;
    });
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor(share * times.length)] ?? 0;
    return { decisions, p50: at(0.5), p95: at(0.95) };
  });
}

interface Report {
  readonly own: readonly Compared[];
  readonly others: readonly Compared[];
  readonly drift: readonly Recovery[];
  readonly rosters: readonly Unlike[];
  readonly cost: Cost;
}

function print({ own, others, drift, rosters, cost }: Report): void {
  const cells = (...values: (number | string)[]): string =>
    values.map((v) => (typeof v === 'string' ? v : v.toFixed(3)).padStart(10)).join('');
  for (const [title, rows] of [
    ['its own choices alone are tried', own],
    ['a quarter of the choices are others’', others],
  ] as const) {
    console.log(`${title}\n${cells('seed', 'text', 'oracle', 'engine', 'share', 'kernel', 'cluster')}`);
    for (const r of rows)
      console.log(cells(r.seed, r.text, r.oracle, r.engine, r.share, r.kernelAverage, r.trueCluster));
    const of = (pick: (row: Compared) => number): number => mean(rows.map(pick));
    console.log(
      `${cells(
        'mean',
        of((r) => r.text),
        of((r) => r.oracle),
        of((r) => r.engine),
        of((r) => r.share),
        of((r) => r.kernelAverage),
        of((r) => r.trueCluster),
      )}\n${cells('error', '', '', '', standardError(rows.map((r) => r.share)))}\n`,
    );
  }
  console.log(
    `best two change places at round 150: share before, 50 rounds after, last 50\n${cells('seed', 'before', 'after', 'end')}`,
  );
  for (const r of drift) console.log(cells(r.seed, r.before, r.after, r.end));
  console.log(
    cells(
      'mean',
      mean(drift.map((r) => r.before)),
      mean(drift.map((r) => r.after)),
      mean(drift.map((r) => r.end)),
    ),
  );
  console.log('\nqueries unlike the world’s, nDCG@10 × 100: text, after training');
  for (const r of rosters) console.log(r.set.padEnd(40) + cells(100 * r.text, 100 * r.trained));
  console.log(
    `\nadjust, ${cost.decisions} decisions: p50 ${cost.p50.toFixed(2)} ms, p95 ${cost.p95.toFixed(2)} ms`,
  );
}

await main();
