/**
 * What goes on while the server serves: the watcher, the hourly re-index, garbage four times a second, memory and storage
 * every minute. None of it keeps the process alive, and none of it can bring the server down.
 */
import type { Indexer } from './catalog/indexer.ts';
import type { Root } from './catalog/layout.ts';
import { createWatcher } from './catalog/watcher.ts';
import { createHeapKeeper, engineCollector, memoryInUse, processorTime } from './heap-keeper.ts';
import type { MemoryWatch } from './service/memory-watch.ts';
import type { Storage } from './storage/storage.ts';
import type { Logger } from './telemetry/logger.ts';

export interface UpkeepOptions {
  readonly catalogue: Indexer;
  readonly roots: readonly Root[];
  readonly memory: MemoryWatch;
  readonly storage: Storage | undefined;
  readonly log: Logger;
}

export interface Upkeep {
  /** Resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
const MOMENT = 250;

export function startUpkeep({ catalogue, roots, memory, storage, log }: UpkeepOptions): Upkeep {
  const attempt = (what: string, work: () => unknown): Promise<void> =>
    Promise.resolve()
      .then(work)
      .then(
        () => undefined,
        (error: unknown) => log.error(`${what} failed`, { error }),
      );
  let latest: Promise<void> = Promise.resolve();
  const reindex = (): void => {
    latest = attempt('re-indexing', () => catalogue.reindex());
  };
  const everyMinute = async (): Promise<void> => {
    memory.sample();
    await attempt('pruning', () => storage?.prune());
    await attempt('the daily backup', () => storage?.backupIfDue());
  };
  const watcher = createWatcher({ roots, onChange: reindex, since: catalogue.current().readAt, log });
  const heap = createHeapKeeper({ used: memoryInUse, spent: processorTime, collect: engineCollector() });
  const timers = [
    setInterval(reindex, HOUR),
    setInterval(() => void everyMinute(), MINUTE),
    setInterval(heap.look, MOMENT),
  ];
  for (const timer of timers) timer.unref();
  const first = setImmediate(() => void everyMinute());
  return {
    close: async () => {
      clearImmediate(first);
      timers.forEach(clearInterval);
      await watcher.close();
      await latest;
    },
  };
}
