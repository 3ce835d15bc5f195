/**
 * What remembering costs: `npx tsx bench/storage.ts [--large]`. Real files in the system's temporary folder; medians.
 * `--large` adds a database at its soft limit of 100 MB: how long its check, its opening and its backup take.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadSqlite } from '../src/storage/sqlite/driver.ts';
import { openStorage } from '../src/storage/sqlite/storage.ts';
import type { QueryRecord, Storage, StoredDecision } from '../src/storage/storage.ts';

const sqlite = await loadSqlite();
const ignore = (): void => undefined;
const log = { info: ignore, warn: ignore, error: ignore };
const folder = mkdtempSync(join(tmpdir(), 'callsheet-bench-'));
const open = (name: string): Promise<Storage> =>
  openStorage({ directory: join(folder, name), clock: Date.now, log, sqlite });

function query(i: number): QueryRecord {
  return {
    route_id: `route-${i}`,
    method: 'queryAgents',
    params: { context: `add a login page with a session cookie to the shop, part ${i}`, limit: 5 },
    returned: ['web:frontend-developer', 'web:backend-developer', 'quality:test-engineer'],
    cache_hit: false,
    duration_ms: 3.2,
    at: Date.now(),
  };
}

function decision(i: number): Omit<StoredDecision, 'id'> {
  return {
    task_id: `task-${i}`,
    task_description: `add a login page with a session cookie to the shop, part ${i}`,
    agents_used: ['web:frontend-developer', 'web:backend-developer'],
    result: i % 5 === 0 ? 'failure' : 'success',
    duration_ms: 1000 + i,
    at: Date.now(),
    pattern_id: `pattern-${i % 50}`,
  };
}

async function recordDecisions(storage: Storage, from: number, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = from; i < from + count; i++) {
    const { task_description: goal, agents_used: agent_sequence } = decision(i);
    const began = performance.now();
    const parts = {
      goal,
      agent_sequence,
      dependencies: {},
      parallel_groups: [agent_sequence],
      created_at: 0,
    };
    await storage.recordDecision(decision(i), { id: `pattern-${i % 50}`, ...parts });
    times.push(performance.now() - began);
  }
  return times;
}

/** Calls of `logQuery` in bursts, as requests make them; then what writing them took. */
async function logQueries(storage: Storage, count: number): Promise<{ call: number; row: number }> {
  const burst = 1_000;
  let calling = 0;
  let writing = 0;
  for (let from = 0; from < count; from += burst) {
    const records = Array.from({ length: burst }, (_, i) => query(from + i));
    const began = performance.now();
    for (const record of records) storage.logQuery(record);
    const called = performance.now();
    await storage.flush();
    calling += called - began;
    writing += performance.now() - called;
  }
  return { call: (calling * 1000) / count, row: (writing * 1000) / count };
}

async function timeOf(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}

async function openingTime(name: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    let storage: Storage | undefined;
    times.push(
      await timeOf(async () => {
        storage = await open(name);
      }),
    );
    await storage?.close();
  }
  return median(times);
}

async function usual(): Promise<void> {
  const storage = await open('usual');
  const { call, row } = await logQueries(storage, 10_000);
  print('query logged, on the request', call, 'µs');
  print('query logged, behind it', row, 'µs a row');
  print('decision on the disk', median(await recordDecisions(storage, 0, 300)), 'ms');
  await storage.close();
  print('open, 10,000 queries and 300 decisions', await openingTime('usual'), 'ms');
  const more = await open('usual');
  await logQueries(more, 90_000);
  await more.close();
  print('open, 100,000 queries and 300 decisions', await openingTime('usual'), 'ms');
}

async function large(): Promise<void> {
  const storage = await open('large');
  await recordDecisions(storage, 0, 2_000);
  while (storage.stats().size_mb < 100) await logQueries(storage, 20_000);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  print('backup of 100 MB', await timeOf(() => storage.backup()), 'ms');
  // The pause is noted by the timer that was late because of it.
  await new Promise((resolve) => setTimeout(resolve, 20));
  print('  longest pause of the event loop meanwhile', delay.max / 1e6, 'ms');
  delay.disable();
  await storage.close();
  const file = join(folder, 'large', 'mcp.db');
  print('size of the database', statSync(file).size / 2 ** 20, 'MB');
  const connection = sqlite.open(file, { readOnly: true });
  for (const check of ['quick_check', 'integrity_check']) {
    print(`PRAGMA ${check}`, await timeOf(() => connection.prepare(`PRAGMA ${check}`).all()), 'ms');
  }
  connection.close();
  print('open, 100 MB and 2,000 decisions', await openingTime('large'), 'ms');
}

try {
  console.log(`${sqlite.name}, Node ${process.version}`);
  await usual();
  if (process.argv.includes('--large')) await large();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
