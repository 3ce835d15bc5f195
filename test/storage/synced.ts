/**
 * A process to be traced: `node --import tsx synced.ts <directory>`. Prints `stored` after each of five decisions and
 * five patterns, then `logged` after each of five flushes of the query log.
 */
import { writeSync } from 'node:fs';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import { decision, pattern, query } from './records.ts';

const [directory = ''] = process.argv.slice(2);
const ignore = (): void => undefined;
const log = { info: ignore, warn: ignore, error: ignore };
const storage = await openStorage({ directory, clock: Date.now, log });
writeSync(1, 'open');
for (let i = 0; i < 5; i++) {
  await storage.recordDecision(decision(`t${i}`));
  writeSync(1, 'stored');
  await storage.addPattern(pattern(`p${i}`));
  writeSync(1, 'stored');
}
for (let i = 0; i < 5; i++) {
  storage.logQuery(query(`r${i}`));
  await storage.flush();
  writeSync(1, 'logged');
}
await storage.close();
