/**
 * The cache of one process: least recently used goes first, bounded by bytes, each entry for its own time.
 *
 *   key → kept? → hit
 *       → being computed? → wait for it, hit
 *       → compute, keep, miss
 *
 * Texts are kept as bytes outside of the heap: nothing that the collector has to visit.
 */
import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.ts';

export interface MemoryCacheOptions {
  /** What the kept texts may take together, with their keys and what holds them. */
  readonly maxBytes: number;
  /** Milliseconds, monotonic, greater than 0. */
  readonly clock: () => number;
}

/** What an entry costs beside its key and value. */
const BYTES_PER_ENTRY = 300;

export function createMemoryCache({ maxBytes, clock }: MemoryCacheOptions): Cache {
  const kept = new LRUCache<string, Buffer>({
    maxSize: maxBytes,
    sizeCalculation: (bytes, key) => BYTES_PER_ENTRY + key.length + bytes.length,
    perf: { now: clock },
    ttlResolution: 0,
  });
  const computing = new Map<string, Promise<string>>();
  let hits = 0;
  let misses = 0;

  /** Keeps the text unless a `clear` came between: then `computing` no longer holds this run. */
  const run = async (key: string, ttlSeconds: number, running: Promise<string>): Promise<string> => {
    computing.set(key, running);
    let text: string | undefined;
    try {
      text = await running;
      return text;
    } finally {
      if (computing.get(key) === running) {
        computing.delete(key);
        if (text !== undefined) kept.set(key, Buffer.from(text), { ttl: ttlSeconds * 1000 });
      }
    }
  };

  return {
    async through(key, ttlSeconds, compute) {
      if (ttlSeconds <= 0) return { text: await compute(), hit: false };
      const bytes = kept.get(key);
      const waiting = bytes ? undefined : computing.get(key);
      if (!bytes && !waiting) {
        misses++;
        return { text: await run(key, ttlSeconds, compute()), hit: false };
      }
      hits++;
      return { text: bytes ? bytes.toString() : ((await waiting) ?? ''), hit: true };
    },
    clear: () => {
      kept.clear();
      computing.clear();
    },
    stats: () => ({ hits, misses, hit_rate: hits + misses === 0 ? 0 : hits / (hits + misses) }),
    close: () => {
      kept.clear();
      computing.clear();
    },
  };
}
