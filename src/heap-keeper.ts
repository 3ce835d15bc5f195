/**
 * Gives back what nothing refers to any more when there is time for it, earlier than the engine would.
 *
 *   used memory moves: somebody is asking           ─► nothing
 *   it rests, the first time since somebody asked   ─► a full collection, and one more, which gives back the pages
 *                                                      that the first one emptied
 *   it rests, but has grown by 2 MB little by little ─► a full collection
 *
 * The engine keeps what building an index left behind until it has been idle for a while. A collection that is asked
 * for stops the world for about a millisecond a megabyte of heap, and throws away compiled code that holds on to
 * what it freed: while requests come in it would cost more than it gives, and the engine goes in small steps anyway.
 * For the same reason a large heap is left to the engine.
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
/** Less between two looks is what a server uses that nobody asks anything. */
const REST = MB / 4;
/** After work. */
const COLLECTIONS = 2;
/** Of heap; beyond it a collection would stop the world for too long. */
const MOST = 24 * MB;

export function createHeapKeeper({ used, collect }: HeapKeeperOptions): HeapKeeper {
  let seen = 0;
  let left = 0;
  let due = COLLECTIONS;
  return {
    look() {
      const now = used();
      const moved = Math.abs(sumOf(now) - seen);
      seen = sumOf(now);
      left = Math.min(left, seen);
      if (moved >= REST) {
        due = COLLECTIONS;
        return;
      }
      if ((due === 0 && seen - left < GROWTH) || now.heap > MOST) return;
      collect();
      due = Math.max(0, due - 1);
      seen = sumOf(used());
      left = seen;
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
