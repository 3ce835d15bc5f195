/**
 * Gives back what nothing refers to any more, earlier than the engine would.
 *
 *   used memory has grown by 2 MB since the last collection ─► a full collection
 *   nothing has happened since then                         ─► one more, which gives back the pages that it emptied
 *
 * The engine puts a full collection off until 8 MB of garbage lie around, which is a third of this server, and keeps
 * what building an index left behind until it has been idle for a while. A full collection stops the world for about
 * a millisecond a megabyte of heap: where that is large, it is left to the engine, which goes in small steps.
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
  readonly collect: () => void;
}

const MB = 2 ** 20;
const GROWTH = 2 * MB;
/** Less is what a server uses that nobody asks anything. */
const REST = MB / 4;
/** Of heap; beyond it a collection would stop the world for too long. */
const MOST = 24 * MB;

export function createHeapKeeper({ used, collect }: HeapKeeperOptions): HeapKeeper {
  let left = 0;
  let settled = true;
  return {
    look() {
      const now = used();
      const grown = sumOf(now) - left;
      left = Math.min(left, sumOf(now));
      const worthIt = grown >= GROWTH || (!settled && grown < REST);
      if (!worthIt || now.heap > MOST) return;
      collect();
      settled = grown < REST;
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

function sumOf({ heap, external }: MemoryInUse): number {
  return heap + external;
}
