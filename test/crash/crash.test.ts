/**
 * Kills the process that remembers, at random moments under load, and looks for what it had acknowledged.
 * `CALLSHEET_CRASHES` sets how often (default 200). Processes are started ahead, so that the killing does not wait.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlite, type Row } from '../../src/storage/sqlite/driver.ts';
import { type Temporary, temporary } from '../storage/temporary.ts';

const crashes = Number(process.env.CALLSHEET_CRASHES ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'callsheet-crash-'));
const script = join(folder, 'writer.mjs');
const mostMs = 60;
let place: Temporary;
let next: ChildProcessWithoutNullStreams;

beforeAll(async () => {
  place = temporary();
  // Bundled, a process is at work in a tenth of the time.
  await build({
    entryPoints: [join(import.meta.dirname, 'writer.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3'],
  });
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  next = start();
});
afterAll(() => {
  next.kill('SIGKILL');
  place.remove();
  rmSync(folder, { recursive: true });
});

function start(): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [script]);
}

/** Lets one process work for a random time, kills it, and answers what it had acknowledged. */
async function crash(run: number): Promise<string[]> {
  const child = next;
  next = start();
  let output = '';
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += String(bytes);
  });
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (bytes) => {
      output += String(bytes);
      if (output.startsWith('open\n')) resolve();
    });
  });
  child.stdin.write(`${place.directory} ${run}\n`);
  const closed = once(child, 'close');
  // One in eight dies while it opens, the rest at work.
  if (run % 8 !== 0) await Promise.race([opened, closed]);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * mostMs));
  child.kill('SIGKILL');
  await closed;
  expect(errors).toBe('');
  return output.split('\n').slice(0, -1);
}

it(`keeps every acknowledged decision and pattern through ${crashes} kills`, {
  timeout: 600_000,
}, async () => {
  const acknowledged: string[] = [];
  for (let run = 1; run <= crashes; run++) acknowledged.push(...(await crash(run)));
  const tasks = acknowledged.filter((name) => name.startsWith('t-'));
  const patterns = acknowledged.filter((name) => name.startsWith('p-'));
  const corrections = acknowledged.filter((name) => name.startsWith('f-')).map((name) => `t${name.slice(1)}`);
  expect(tasks.length).toBeGreaterThan(crashes);
  expect(patterns.length).toBeGreaterThan(0);

  const storage = await place.open();
  const warnings = storage.warnings();
  const found = new Map(
    (await storage.decisions(1_000_000)).map((stored) => [stored.task_id, stored.result]),
  );
  const foundPatterns = await storage.patterns();
  await storage.close();
  expect(warnings).toEqual([]);
  expect(tasks.filter((name) => !found.has(name))).toEqual([]);
  expect(corrections.filter((name) => found.get(name) !== 'failure')).toEqual([]);
  const ids = new Set(foundPatterns.map(({ id }) => id));
  expect(patterns.filter((name) => !ids.has(name))).toEqual([]);
  const counted = foundPatterns.reduce((sum, { success_count: a, failure_count: b }) => sum + a + b, 0);
  expect(counted).toBe(found.size);
  await expectIntegrity();
});

async function expectIntegrity(): Promise<void> {
  const connection = (await loadSqlite()).open(place.database, { readOnly: true });
  const rows = connection.prepare('PRAGMA integrity_check').all() as Row[];
  connection.close();
  expect(rows).toEqual([{ integrity_check: 'ok' }]);
}
