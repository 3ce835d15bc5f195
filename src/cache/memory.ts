/**
 * The cache of one process: least recently used goes first, bounded by bytes, each entry for its own time.
 *
 *   key → kept? → hit
 *       → being computed? → wait for it, hit
 *       → compute, keep, miss
 */
import { LRUCache } from 'lru-cache';
import type { Cache, Cached } from './cache.ts';

export interface MemoryCacheOptions<V> {
  /** What the kept values may take together, with their keys and what holds them. */
  readonly maxBytes: number;
  /** Milliseconds, monotonic, greater than 0. */
  readonly clock: () => number;
  /** Bytes of a value. */
  readonly sizeOf: (value: V) => number;
}

/** What an entry costs beside its key and value. */
const BYTES_PER_ENTRY = 300;

export function createMemoryCache<V extends object>({
  maxBytes,
  clock,
  sizeOf,
}: MemoryCacheOptions<V>): Cache<V> {
  const kept = new LRUCache<string, V>({
    maxSize: maxBytes,
    sizeCalculation: (value, key) => BYTES_PER_ENTRY + key.length + sizeOf(value),
    perf: { now: clock },
    ttlResolution: 0,
  });
  const computing = new Map<string, Promise<V>>();
  let hits = 0;
  let misses = 0;

  /** Keeps the value unless a `clear` came between: then `computing` no longer holds this run. */
  const run = async (key: string, ttlSeconds: number, running: Promise<V>): Promise<Cached<V>> => {
    computing.set(key, running);
    let value: V | undefined;
    try {
      value = await running;
      return { value, hit: false };
    } finally {
      if (computing.get(key) === running) {
        computing.delete(key);
        if (value !== undefined) kept.set(key, value, { ttl: ttlSeconds * 1000 });
      }
    }
  };

  return {
    through(key, ttlSeconds, compute) {
      if (ttlSeconds <= 0) return compute().then((value) => ({ value, hit: false }));
      const value = kept.get(key);
      const waiting = value ? undefined : computing.get(key);
      if (!value && !waiting) {
        misses++;
        return run(key, ttlSeconds, compute());
      }
      hits++;
      return value
        ? { value, hit: true }
        : (waiting as Promise<V>).then((found) => ({ value: found, hit: true }));
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
