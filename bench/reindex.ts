/**
 * Does re-indexing ever hold the event loop? Generates a catalogue, builds it cold, builds it again as a new start
 * would, re-indexes it unchanged and with a few files changed, and prints how long each took and the longest pause.
 *
 *   tsx bench/reindex.ts [--files 5000] [--changed 10]
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createIndexer, type Indexer } from '../src/catalog/indexer.ts';
import { openEmbedding } from '../src/search/model-file.ts';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '5000' }, changed: { type: 'string', default: '10' } },
});
const files = Number(values.files);
const changed = Number(values.changed);

const topics = (
  'react angular vue svelte typescript python django fastapi rust tokio golang kubernetes terraform aws azure postgres mysql ' +
  'redis kafka rabbitmq graphql grpc oauth encryption accessibility observability prometheus grafana pytorch pandas spark ' +
  'airflow dbt android ios flutter unity unreal blockchain solidity compliance gdpr hipaa seo copywriting testing mutation ' +
  'profiling caching migration refactoring documentation onboarding incident billing invoices search ranking embeddings'
).split(' ');
const words = (
  'design review measure explain keep change every service request before after careful plan small step result failure team ' +
  'owner limit budget latency error retry index query table column branch release note risk check list first second evidence'
).split(' ');

/** mulberry32: the same files at every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = createRandom(7);
const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
const sentence = (): string =>
  `${Array.from({ length: 14 }, () => (random() < 0.3 ? pick(topics) : pick(words))).join(' ')}.`;

/** About 3 KB, as real ones are. */
function definition(name: string, round: number): string {
  const sections = Array.from(
    { length: 5 },
    (_, i) =>
      `## ${i + 1}. ${pick(words)} ${pick(topics)}\n\n${Array.from({ length: 6 }, sentence).join(' ')}\n`,
  );
  const description = `Expert in ${pick(topics)}, ${pick(topics)} and ${pick(topics)}. ${sentence()}`;
  return `---\nname: ${name}\ndescription: "${description} ${round}"\nmodel: sonnet\n---\n# ${name}\n\n${sections.join('\n')}`;
}

function pathOf(root: string, i: number): { folder: string; file: string; name: string } {
  const plugin = join(root, 'plugins', `plugin-${i % 100}`);
  const name = `${topics[i % topics.length]}-${i}`;
  if (i % 10 < 6) return { folder: join(plugin, 'agents'), file: `${name}.md`, name };
  if (i % 10 < 8) return { folder: join(plugin, 'skills', name), file: 'SKILL.md', name };
  return { folder: join(plugin, 'commands'), file: `${name}.md`, name };
}

async function generate(root: string, from: number, to: number, round: number): Promise<void> {
  for (let i = from; i < to; i++) {
    const { folder, file, name } = pathOf(root, i);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), definition(name, round));
  }
}

/** Nanoseconds this thread has had the processor; undefined where the system does not tell. */
function threadTime(): number | undefined {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]);
  } catch {
    return undefined;
  }
}

/**
 * Longest stretch between two turns of the event loop, in milliseconds: on the clock, and of processor time, which
 * is the one that counts where other programs share the machine.
 */
function watchTurns(): () => { clock: number; processor: number | undefined } {
  let clock = 0;
  let processor: number | undefined;
  let lastClock = performance.now();
  let lastProcessor = threadTime();
  let next = setImmediate(turn);
  function turn(): void {
    const [nowClock, nowProcessor] = [performance.now(), threadTime()];
    clock = Math.max(clock, nowClock - lastClock);
    if (nowProcessor !== undefined && lastProcessor !== undefined) {
      processor = Math.max(processor ?? 0, (nowProcessor - lastProcessor) / 1e6);
    }
    lastClock = nowClock;
    lastProcessor = nowProcessor;
    next = setImmediate(turn);
  }
  return () => {
    clearImmediate(next);
    return { clock, processor };
  };
}

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const stop = watchTurns();
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const took = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const { clock, processor } = stop();
  const memory = process.memoryUsage().rss / 1048576;
  const parts = [
    what.padEnd(28),
    `${took.toFixed(0).padStart(6)} ms (processor ${((user + system) / 1000).toFixed(0)} ms)`,
    `longest turn ${clock.toFixed(0).padStart(4)} ms (processor ${processor?.toFixed(0) ?? '?'} ms)`,
    `RSS ${memory.toFixed(0)} MB`,
    JSON.stringify(result),
  ];
  console.log(parts.join('   '));
}

const embedding = openEmbedding(resolve(import.meta.dirname, '../model'));
const root = await mkdtemp(join(tmpdir(), 'callsheet-reindex-'));
try {
  await generate(root, 0, files, 0);
  // Older than the file system's clock is coarse.
  const now = (): number => Date.now() + 10_000;
  const start = (): Indexer =>
    createIndexer({
      roots: [{ path: root, scope: 'project' }],
      cacheDirectory: join(root, '.cache'),
      clock: () => performance.now(),
      now,
      ...(embedding && { embedding }),
    });
  let indexer = start();
  await measure('first build', () => indexer.reindex());
  indexer = start();
  await measure('new start, warm caches', () => indexer.reindex());
  await measure('re-index, nothing changed', () => indexer.reindex());
  await generate(root, 0, changed, 1);
  await measure(`re-index, ${changed} files changed`, () => indexer.reindex());
} finally {
  await rm(root, { recursive: true, force: true });
}
