/**
 * Gives back what nothing refers to any more, earlier than the engine would.
 *
 *   used memory has grown by 2 MB since the last collection ─► a full collection
 *   nothing has happened since then                         ─► one more, which gives back the pages that it emptied
 *
 * The engine puts a full collection off until 8 MB of garbage lie around, which is a third of this server, and keeps
 * what building an index left behind until it has been idle for a while. A collection stops the world for about a
 * millisecond a megabyte: where the heap is large it is left to the engine, which does it in small steps.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface HeapKeeper {
  /** Looks, and collects where that is worth it. */
  look(): void;
}

export interface HeapKeeperOptions {
  /** Bytes of heap and buffers in use, garbage included. */
  readonly used: () => number;
  readonly collect: () => void;
}

const MB = 2 ** 20;
const GROWTH = 2 * MB;
/** Less is what a server uses that nobody asks anything. */
const REST = MB / 4;
/** Above it a collection would stop the world for too long. */
const MOST = 40 * MB;

export function createHeapKeeper({ used, collect }: HeapKeeperOptions): HeapKeeper {
  let left = 0;
  let settled = true;
  return {
    look() {
      const now = used();
      const grown = now - left;
      left = Math.min(left, now);
      const worthIt = grown >= GROWTH || (!settled && grown < REST);
      if (!worthIt || now > MOST) return;
      collect();
      settled = grown < REST;
      left = used();
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

export function usedMemory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
