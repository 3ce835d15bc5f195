/** A process of its own that has a database open: `node --import tsx holder.ts <directory>`; it waits to be killed. */
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import { decision } from './records.ts';

const [directory = ''] = process.argv.slice(2);
const ignore = (): void => undefined;
const storage = await openStorage({
  directory,
  clock: Date.now,
  log: { info: ignore, warn: ignore, error: ignore },
});
await storage.recordDecision(decision('held'));
process.stdout.write('open\n');
setInterval(ignore, 60_000);
