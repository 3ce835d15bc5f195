/**
 * A process of its own that has a database open: `node --import tsx holder.ts <directory>`; it waits to be killed. With
 * `--expose-gc` what nobody refers to is collected before it says that it is open.
 */
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
setInterval(ignore, 60_000);
// Once this module has ended it refers to nothing any more.
setTimeout(() => globalThis.gc?.(), 20);
setTimeout(() => process.stdout.write('open\n'), 100);
