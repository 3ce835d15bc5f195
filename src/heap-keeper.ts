/**
 * Gives back what nothing refers to any more when there is time for it, earlier than the engine would.
 *
 *   the processor works: somebody is asking          ─► a full collection when 4 MB have come together
 *   it rests, the first time since somebody asked    ─► a full collection, and one more, which gives back the pages
 *                                                       that the first one emptied
 *   it rests, but 2 MB have come together since then ─► a full collection
 *
 * The engine keeps what building an index left behind until it has been idle for a while. A collection that is asked
 * for stops the world for about a millisecond a megabyte of heap, and throws away compiled code that holds on to
 * what it freed: while requests come in, one for every 2 MB costs more than it gives. Left to itself the engine waits for
 * more. A large heap is left to the engine.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface HeapKeeper {
  /** Looks, and collects where that is worth it. */
  look(): void;
}

/** Bytes, garbage included. */
export interface MemoryInUse {
  readonly heap: number;
  /** Buffers outside of the heap. */
  readonly external: number;
}

export interface HeapKeeperOptions {
  readonly used: () => MemoryInUse;
  /** Processor time spent so far, in milliseconds. */
  readonly spent: () => number;
  readonly collect: () => void;
}

const MB = 2 ** 20;
const GROWTH = 2 * MB;
/** While there is work. */
const GROWTH_AT_WORK = 4 * MB;
/** Less than this is not worth a collection, whoever worked. */
const REST = MB / 4;
/** Milliseconds of processor time between two looks; a server that nobody asks anything spends less. */
const WORK = 8;
/** After work. */
const COLLECTIONS = 2;
/** Of heap; beyond it a collection would stop the world for too long. */
const MOST = 24 * MB;

export function createHeapKeeper({ used, spent, collect }: HeapKeeperOptions): HeapKeeper {
  let before = 0;
  let left = 0;
  let due = COLLECTIONS;
  return {
    look() {
      const worked = spent() - before >= WORK;
      before = spent();
      const now = used();
      left = Math.min(left, sumOf(now));
      const grown = sumOf(now) - left;
      if (worked && grown >= REST) due = COLLECTIONS;
      const isWorthIt = worked ? grown >= GROWTH_AT_WORK : due > 0 || grown >= GROWTH;
      if (!isWorthIt || now.heap > MOST) return;
      collect();
      if (!worked) due = Math.max(0, due - 1);
      before = spent();
      left = sumOf(used());
    },
  };
}

/** Node shows its collector to contexts that are made while the flag is set. */
export function engineCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? () => collect() : () => undefined;
}

export function memoryInUse(): MemoryInUse {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return { heap: used_heap_size, external: external_memory };
}

export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function sumOf({ heap, external }: MemoryInUse): number {
  return heap + external;
}
