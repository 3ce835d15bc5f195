/** Values kept for a while. A port: `memory.ts` is its driver in one process. */

export type MaybePromise<T> = T | Promise<T>;

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  /** hits / (hits + misses); 0 before the first. */
  readonly hit_rate: number;
}

export interface Cached<V> {
  readonly value: V;
  readonly hit: boolean;
}

export interface Cache<V> {
  /**
   * The value kept under `key`, else what `compute` gives, kept for `ttlSeconds`. Equal keys that miss at the same
   * time are computed once; what rejects is not kept.
   */
  through(key: string, ttlSeconds: number, compute: () => Promise<V>): MaybePromise<Cached<V>>;
  clear(): MaybePromise<void>;
  stats(): CacheStats;
  close(): MaybePromise<void>;
}
