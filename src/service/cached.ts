/**
 * Answers kept for a while, under everything they depend on: method, parameters, and the revisions of the catalogue
 * and, where outcomes have a say, of what was learned. A new revision makes the old keys unreachable.
 */
import type { Cache, Cached, MaybePromise } from '../cache/cache.ts';
import { cacheKey } from '../cache/key.ts';
import type { Patterns } from '../patterns/ports.ts';
import { type MethodName, methods } from '../protocol/methods.ts';
import type { KeptAnswer } from './kept-answer.ts';
import type { Catalogue } from './ports.ts';

export interface CachedOptions {
  readonly cache: Cache<KeptAnswer>;
  readonly catalogue: Pick<Catalogue, 'current'>;
  readonly patterns?: Pick<Patterns, 'revision'> | undefined;
  /** Instead of the times in the method table; 0 keeps nothing. */
  readonly ttlSeconds?: number | undefined;
}

export type CachedCall = (
  method: MethodName,
  params: unknown,
  compute: () => Promise<KeptAnswer>,
) => MaybePromise<Cached<KeptAnswer>>;

/** What learning changes: the ranking of agents, and plans. */
const learned: ReadonlySet<MethodName> = new Set(['queryAgents', 'getOrchestrationPattern', 'queryPattern']);

export function createCached({ cache, catalogue, patterns, ttlSeconds }: CachedOptions): CachedCall {
  const revisionFor = (method: MethodName): string => {
    const { revision } = catalogue.current();
    return patterns && learned.has(method) ? `${revision} ${patterns.revision()}` : revision;
  };
  return (method, params, compute) => {
    const policy = methods[method].cache;
    if (!policy) return compute().then((value) => ({ value, hit: false }));
    const key = cacheKey(method, revisionFor(method), params);
    return cache.through(key, ttlSeconds ?? policy.ttlSeconds, compute);
  };
}
