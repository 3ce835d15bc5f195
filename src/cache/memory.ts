/**
 * The cache of one process: least recently used goes first, bounded by bytes, each entry for its own time.
 *
 *   key → kept? → hit
 *       → being computed? → wait for it, hit
 *       → compute, keep, miss
 */
import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.ts';

export interface MemoryCacheOptions {
  /** What the kept answers may take together, estimated from their JSON. */
  readonly maxBytes: number;
  /** Milliseconds, monotonic, greater than 0. */
  readonly clock: () => number;
}

/** Heap bytes for each character of an answer's JSON: the characters, and as much again for what holds them. */
const BYTES_PER_CHARACTER = 2;
/** What an entry costs beside its key and value. */
const BYTES_PER_ENTRY = 200;

/** A box, so that any value can be kept. */
interface Kept {
  readonly value: unknown;
}

export function createMemoryCache({ maxBytes, clock }: MemoryCacheOptions): Cache {
  const kept = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, key) => sizeOf(key, value),
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
        kept.set(key, { value }, { ttl: ttlSeconds * 1000 });
      },
      () => {
        if (computing.get(key) === running) computing.delete(key);
      },
    );

  return {
    async through<T>(key: string, ttlSeconds: number, compute: () => Promise<T>) {
      if (ttlSeconds <= 0) return { value: await compute(), hit: false };
      // Keys are made of method and parameters: what is kept under one is what its `compute` gives, a T.
      const found = (kept.get(key)?.value ?? computing.get(key)) as T | Promise<T> | undefined;
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

function sizeOf(key: string, value: unknown): number {
  const json = JSON.stringify(value) ?? '';
  return BYTES_PER_ENTRY + key.length + json.length * BYTES_PER_CHARACTER;
}
