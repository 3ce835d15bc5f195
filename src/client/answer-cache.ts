/** Answers of the server kept for a short while in the client, least recently used ones dropped first. */

export interface AnswerCache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  clear(): void;
}

/** `ttlMs` 0 keeps nothing. */
export function createAnswerCache(limit: number, ttlMs: number, clock: () => number): AnswerCache {
  const kept = new Map<string, { readonly value: unknown; readonly until: number }>();
  return {
    get: (key) => {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      if (found.until <= clock()) return undefined;
      kept.set(key, found);
      return found.value;
    },
    set: (key, value) => {
      if (ttlMs <= 0) return;
      kept.delete(key);
      kept.set(key, { value, until: clock() + ttlMs });
      const oldest = kept.size > limit ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
    clear: () => kept.clear(),
  };
}
