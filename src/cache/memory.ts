/**
 * The cache of one process: least recently used goes first, bounded by bytes, each entry for its own time.
 *
 *   key → kept? → hit
 *       → being computed? → wait for it, hit
 *       → compute, keep, miss
 *
 * Answers are kept as the bytes of their JSON, outside of the heap: half of what they take as objects, and nothing
 * that the collector has to visit.
 */
import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.ts';

export interface MemoryCacheOptions {
  /** What the kept answers may take together: their JSON, their keys and what holds them. */
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
  const computing = new Map<string, Promise<unknown>>();
  let hits = 0;
  let misses = 0;

  /** Keeps the value unless a `clear` came between: then `computing` no longer holds this run. */
  const settle = (key: string, ttlSeconds: number, running: Promise<unknown>): Promise<void> =>
    running.then(
      (value) => {
        if (computing.get(key) !== running) return;
        computing.delete(key);
        kept.set(key, Buffer.from(JSON.stringify(value)), { ttl: ttlSeconds * 1000 });
      },
      () => {
        if (computing.get(key) === running) computing.delete(key);
      },
    );

  return {
    async through<T>(key: string, ttlSeconds: number, compute: () => Promise<T>) {
      if (ttlSeconds <= 0) return { value: await compute(), hit: false };
      // Keys are made of method and parameters: what is kept under one is what its `compute` gives, a T.
      const bytes = kept.get(key);
      const found = bytes
        ? (JSON.parse(bytes.toString()) as T)
        : (computing.get(key) as Promise<T> | undefined);
      if (found !== undefined) {
        hits++;
        return { value: await found, hit: true };
      }
      misses++;
      const running = compute();
      computing.set(key, running);
      await settle(key, ttlSeconds, running);
      return { value: await running, hit: false };
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
