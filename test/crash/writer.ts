/**
 * A server's storage under load, to be killed by `crash.test.ts`. Reads one line `<directory> <run>`, then
 * records decisions and patterns, logging queries meanwhile, and prints a task's or a pattern's name once the call
 * that stored it has answered.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadSqlite } from '../../src/storage/sqlite/driver.ts';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import { decision, pattern, query } from '../storage/records.ts';

const ignore = (): void => undefined;
const sqlite = await loadSqlite();
const [line = ''] = await new Promise<string[]>((resolve) => {
  createInterface(process.stdin).once('line', (text) => resolve([text]));
});
const [directory = '', run] = line.split(' ');
const log = { info: ignore, warn: ignore, error: ignore };
const storage = await openStorage({
  directory,
  sqlite,
  clock: Date.now,
  log,
  limits: { softMb: 4, hardMb: 100 },
});
// Being killed is no damage: a warning fails the test.
for (const warning of storage.warnings()) process.stderr.write(warning);
/** Written at once: what is acknowledged has left this process. */
const acknowledge = (name: string): void => void writeSync(1, `${name}\n`);
acknowledge('open');

for (let i = 0; ; i++) {
  for (let j = 0; j < 50; j++) storage.logQuery(query(`r-${run}-${i}-${j}`, { at: Date.now() }));
  const name = `${run}-${i}`;
  if (i % 4 === 0) {
    await storage.addPattern(pattern(`p-${name}`));
    acknowledge(`p-${name}`);
  }
  const words = { pattern_id: `p-${run}-${i - (i % 4)}`, at: Date.now() };
  await storage.recordDecision(decision(`t-${name}`, words));
  acknowledge(`t-${name}`);
  if (i % 16 === 8) {
    await storage.recordDecision(decision(`t-${name}`, { ...words, result: 'failure' }));
    acknowledge(`f-${name}`);
  }
  if (i % 64 === 40) void storage.prune();
  await new Promise(setImmediate);
}
