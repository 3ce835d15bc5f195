/**
 * How fast and how small is the server? `npm run bench`; `-- --quick` for a shorter run, `-- --json` for programs.
 *
 *   generated catalogue ─► real server process ─► start, memory, misses, hits, throughput, a realistic stream
 *
 * Times are the client's: a question written to a socket until its whole answer is read. They depend on the machine
 * and on what else it does.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seeded, writeCatalogue, writeQuestions } from './generated-catalogue.ts';
import { type Connection, openConnection } from './http-connection.ts';
import {
  type Launch,
  type Memory,
  type ServerProcess,
  startBareServer,
  startServer,
} from './server-process.ts';

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Rate {
  readonly wall: number;
  /** Of one core; NaN where the system does not tell processor time. */
  readonly core: number;
}

interface Measured {
  readonly entries: number;
  readonly coldStartMs: number;
  readonly warmStartMs: number;
  readonly idle: Memory;
  readonly loaded: Memory;
  /** A moment after the last request. */
  readonly rested: Memory;
  /** Memory when run without launch flags, as `callsheet serve` is. */
  readonly plainIdle: Memory;
  readonly miss: Percentiles;
  readonly hit: Percentiles;
  /** By the wall clock, the client beside it; and by the processor time the server used. */
  readonly hitsPerSecond: Rate;
  /** The same of a server that answers a constant text. */
  readonly barePerSecond: Rate;
  readonly streamHitRate: number;
}

const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');
const sizes = quick ? [100, 1000] : [100, 1000, 5000, 20_000];
const LOAD = 20_000;

async function measure(entries: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'callsheet-bench-'));
  try {
    writeCatalogue(join(folder, 'root'), entries);
    const launch = { root: join(folder, 'root'), dataDir: join(folder, 'data') };
    const coldStartMs = await startOnly(launch);
    const plainIdle = await idleMemory({ ...launch, flags: false });
    const server = await startServer(launch);
    try {
      return { entries, coldStartMs, plainIdle, ...(await measureServer(server)) };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOnly(launch: Launch): Promise<number> {
  const server = await startServer(launch);
  await server.stop();
  return server.startMs;
}

async function idleMemory(launch: Launch): Promise<Memory> {
  const server = await startServer(launch);
  await pause(1000);
  const memory = server.memory();
  await server.stop();
  return memory;
}

async function measureServer(
  server: ServerProcess,
): Promise<Omit<Measured, 'entries' | 'coldStartMs' | 'plainIdle'>> {
  await pause(1000);
  const idle = server.memory();
  const connection = await openConnection(server.port);
  const questions = writeQuestions(quick ? 1000 : 2000);
  const warm = writeQuestions(300, 3);
  await time(connection, warm);
  const miss = percentiles(await time(connection, questions));
  const few = questions.slice(-100);
  const hit = percentiles(
    await time(
      connection,
      Array.from({ length: 3000 }, (_, i) => few[i % few.length]),
    ),
  );
  connection.close();
  const hitsPerSecond = await throughput(server, few);
  const barePerSecond = await bareThroughput(few);
  const streamHitRate = await stream(server.port);
  await load(server.port);
  const loaded = server.memory();
  await pause(1500);
  return {
    warmStartMs: server.startMs,
    idle,
    loaded,
    rested: server.memory(),
    miss,
    hit,
    hitsPerSecond,
    barePerSecond,
    streamHitRate,
  };
}

/** Milliseconds of each question. */
async function time(connection: Connection, questions: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const context of questions) {
    const started = performance.now();
    await connection.call('queryAgents', { context });
    times.push(performance.now() - started);
  }
  return times;
}

/** Answers a second over eight connections that each wait for their answer, all of them from the cache. */
async function throughput(server: ServerProcess, questions: readonly string[]): Promise<Rate> {
  const { port } = server;
  const connections = await Promise.all(Array.from({ length: 8 }, () => openConnection(port)));
  const count = quick ? 8000 : 24_000;
  let asked = 0;
  const used = server.processorMs();
  const started = performance.now();
  const ask = async (connection: Connection): Promise<void> => {
    while (asked < count)
      await connection.call('queryAgents', { context: questions[asked++ % questions.length] });
  };
  await Promise.all(connections.map(ask));
  const seconds = (performance.now() - started) / 1000;
  const core = count / ((server.processorMs() - used) / 1000);
  for (const connection of connections) connection.close();
  return { wall: count / seconds, core };
}

/** Measured right beside the hits, since it tells how fast the machine is at the moment. */
async function bareThroughput(questions: readonly string[]): Promise<Rate> {
  const server = await startBareServer();
  await throughput(server, questions);
  const rate = await throughput(server, questions);
  await server.stop();
  return rate;
}

/**
 * A stream as orchestrators ask: 5,000 questions out of 500 tasks, whose frequencies follow Zipf's law (s = 1).
 * Gives the share that the cache answered.
 */
async function stream(port: number): Promise<number> {
  const connection = await openConnection(port);
  const tasks = writeQuestions(500, 4);
  const random = seeded(5);
  const cumulative: number[] = [];
  for (let i = 0; i < tasks.length; i++) cumulative.push((cumulative[i - 1] ?? 0) + 1 / (i + 1));
  const total = cumulative[cumulative.length - 1];
  const before = await cacheCounts(connection);
  for (let i = 0; i < 5000; i++) {
    const drawn = random() * total;
    const context = tasks[cumulative.findIndex((sum) => sum >= drawn)];
    await connection.call('queryAgents', { context });
  }
  const after = await cacheCounts(connection);
  connection.close();
  const hits = after.hits - before.hits;
  return hits / (hits + after.misses - before.misses);
}

async function cacheCounts(connection: Connection): Promise<{ hits: number; misses: number }> {
  const { result } = JSON.parse(await connection.call('getMetrics', {})) as {
    result: { cache: { hits: number; misses: number } };
  };
  return result.cache;
}

/** Every fifth question is new; agents, skills and workflows in turn. */
async function load(port: number): Promise<void> {
  const connection = await openConnection(port);
  const known = writeQuestions(200, 6);
  const fresh = writeQuestions(LOAD / 5, 7);
  for (let i = 0; i < LOAD; i++) {
    const text = i % 5 === 0 ? fresh[i / 5] : known[i % known.length];
    const turn = i % 3;
    if (turn === 0) await connection.call('queryAgents', { context: text });
    else if (turn === 1) await connection.call('querySkills', { context: text });
    else await connection.call('queryWorkflows', { goal: text });
  }
  connection.close();
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Target {
  readonly what: string;
  readonly wanted: string;
  /** At this many entries; absent: at every size. */
  readonly entries?: number;
  holds(measured: Measured): boolean;
}

const targets: readonly Target[] = [
  { what: 'design: miss p50', wanted: '< 50 ms', holds: ({ miss }) => miss.p50 < 50 },
  { what: 'design: hit p50', wanted: '< 10 ms', holds: ({ hit }) => hit.p50 < 10 },
  { what: 'design: warm start', wanted: '< 2 s', holds: ({ warmStartMs }) => warmStartMs < 2000 },
  {
    what: 'design: hit rate of the stream',
    wanted: '> 80 %',
    holds: ({ streamHitRate }) => streamHitRate > 0.8,
  },
  { what: 'miss p50', wanted: '<= 1 ms', entries: 1000, holds: ({ miss }) => miss.p50 <= 1 },
  { what: 'miss p99', wanted: '<= 5 ms', entries: 1000, holds: ({ miss }) => miss.p99 <= 5 },
  { what: 'hit p50', wanted: '<= 0.3 ms', entries: 1000, holds: ({ hit }) => hit.p50 <= 0.3 },
  { what: 'warm start', wanted: '<= 0.5 s', entries: 1000, holds: ({ warmStartMs }) => warmStartMs <= 500 },
  {
    what: 'hits a second',
    wanted: '>= 5,000',
    entries: 1000,
    holds: ({ hitsPerSecond }) => hitsPerSecond.wall >= 5000,
  },
  { what: 'RSS idle', wanted: '<= 65 MB', entries: 1000, holds: ({ idle }) => idle.rssMb <= 65 },
  { what: 'RSS after load', wanted: '<= 78 MB', entries: 1000, holds: ({ loaded }) => loaded.rssMb <= 78 },
  {
    what: 'private after load',
    wanted: '<= 25 MB',
    entries: 1000,
    holds: ({ loaded }) => loaded.privateMb <= 25,
  },
];

function verdicts(all: readonly Measured[]): { target: string; entries: number; holds: boolean }[] {
  return targets.flatMap(({ what, wanted, entries, holds }) =>
    all
      .filter((measured) => entries === undefined || measured.entries === entries)
      .map((measured) => ({
        target: `${what} ${wanted}`,
        entries: measured.entries,
        holds: holds(measured),
      })),
  );
}

function print(all: readonly Measured[]): void {
  const number = (value: number, digits = 0): string => value.toFixed(digits).padStart(9);
  const row = (label: string, read: (measured: Measured) => string): string =>
    `${label.padEnd(34)}${all.map(read).join('')}`;
  const three = (label: string, read: (measured: Measured) => Percentiles): string[] =>
    (['p50', 'p95', 'p99'] as const).map((p) => row(`${label} ${p}, ms`, (m) => number(read(m)[p], 2)));
  const memory = (label: string, read: (measured: Measured) => Memory): string[] => [
    row(`RSS ${label}, MB`, (m) => number(read(m).rssMb, 1)),
    row(`private ${label}, MB`, (m) => number(read(m).privateMb, 1)),
  ];
  const lines = [
    row('entries', (m) => number(m.entries)),
    row('cold start, ms', (m) => number(m.coldStartMs)),
    row('warm start, ms', (m) => number(m.warmStartMs)),
    ...memory('idle', (m) => m.idle),
    ...memory(`after ${LOAD} requests`, (m) => m.loaded),
    ...memory('a moment later', (m) => m.rested),
    ...memory('idle, "callsheet serve"', (m) => m.plainIdle),
    ...three('miss', (m) => m.miss),
    ...three('hit', (m) => m.hit),
    row('hits a second', (m) => number(m.hitsPerSecond.wall)),
    row('hits a second of processor time', (m) => number(m.hitsPerSecond.core)),
    row('bare server, a second', (m) => number(m.barePerSecond.wall)),
    row('bare server, of processor time', (m) => number(m.barePerSecond.core)),
    row('hit rate of a Zipf stream', (m) => number(m.streamHitRate, 3)),
    '',
    ...verdicts(all).map(
      ({ target, entries, holds }) => `${holds ? 'holds' : 'MISSED'}  ${target} at ${entries}`,
    ),
  ];
  console.log(lines.join('\n'));
}

if (!existsSync(resolve(import.meta.dirname, '../dist/cli.js'))) {
  console.error('The server is not built: run npm run build first.');
  process.exit(1);
}
const measured: Measured[] = [];
for (const entries of sizes) {
  console.error(`measuring ${entries} entries …`);
  measured.push(await measure(entries));
}
if (json) console.log(JSON.stringify({ measured, targets: verdicts(measured) }, null, 2));
else print(measured);
