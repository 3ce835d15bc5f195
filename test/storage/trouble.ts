/**
 * A process whose disk makes trouble: `node --import tsx trouble.ts <directory> [filler]`. Records decisions until
 * one is refused (at most 2,000), removes the filler file if one is named, records once more; prints what it saw.
 * Started by root it becomes nobody first: root may write anywhere.
 */
import { rmSync } from 'node:fs';
import { CallsheetError } from '../../src/protocol/errors.ts';
import { loadSqlite } from '../../src/storage/sqlite/driver.ts';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import { decision, query } from './records.ts';

const [directory = '', filler] = process.argv.slice(2);
const sqlite = await loadSqlite();
// With a handler, writing beyond `ulimit -f` is an error instead of the end.
process.on('SIGXFSZ', () => undefined);
if (process.getuid?.() === 0 && process.env.CALLSHEET_TEST_STAY_ROOT === undefined) {
  process.setgid?.(65534);
  process.setuid?.(65534);
}

const ignore = (): void => undefined;
const storage = await openStorage({
  directory,
  sqlite,
  clock: Date.now,
  log: { info: ignore, warn: ignore, error: ignore },
});
const before = await storage.decisions(10_000);
const acknowledged: string[] = [];
const record = async (task: string): Promise<string | undefined> => {
  try {
    await storage.recordDecision(decision(task, { task_description: task.padEnd(1_000, '.') }));
    acknowledged.push(task);
    return undefined;
  } catch (thrown) {
    return thrown instanceof CallsheetError ? thrown.kind : String(thrown);
  }
};
let refusal: string | undefined;
for (let i = 0; i < 2_000 && refusal === undefined; i++) {
  for (let j = 0; j < 3; j++) storage.logQuery(query(`r${i}-${j}`));
  refusal = await record(`new-${i}`);
}
const refused = { refusal, sound: storage.sound(), warnings: storage.warnings() };
const read = (await storage.decisions(10_000)).map(({ task_id }) => task_id);
const lost = acknowledged.filter((task) => !read.includes(task));
if (filler) rmSync(filler);
const afterwards = await record('afterwards');
const recovered = { refusal: afterwards ?? null, sound: storage.sound() };
await storage.close();
process.stdout.write(
  JSON.stringify({ before: before.length, ...refused, read: read.length, lost, recovered }),
);
