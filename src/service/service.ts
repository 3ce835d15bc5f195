/**
 * The service: handlers behind one dispatcher, and the same as an object with a method for each row of the table.
 *
 * Storage and patterns are optional: without them their methods answer method-not-found and the rest works.
 */
import type { Cache } from '../cache/cache.ts';
import type { Patterns } from '../patterns/ports.ts';
import { type MethodName, methodNames, type Params, type Result } from '../protocol/methods.ts';
import type { CallContext, Dispatch, Service } from '../protocol/service.ts';
import type { Storage } from '../storage/storage.ts';
import { createCached } from './cached.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Handlers } from './handler.ts';
import { getDefinition } from './handlers/get-definition.ts';
import { getHealth } from './handlers/get-health.ts';
import { getMetrics } from './handlers/get-metrics.ts';
import { queryAgents } from './handlers/query-agents.ts';
import { querySkills } from './handlers/query-skills.ts';
import { queryWorkflows } from './handlers/query-workflows.ts';
import type { KeptAnswer } from './kept-answer.ts';
import { createObserver } from './observe.ts';
import type { CallMetrics, Catalogue, ProcessState, ServiceLog } from './ports.ts';
import { createQueryLog } from './query-log.ts';
import { createRouteIds } from './route-id.ts';

export interface ServiceOptions {
  readonly catalogue: Catalogue;
  readonly cache: Cache<KeptAnswer>;
  readonly log: ServiceLog;
  readonly metrics: CallMetrics;
  readonly state: ProcessState;
  readonly version: string;
  readonly storage?: Storage | undefined;
  readonly patterns?: Patterns | undefined;
  /** Instead of the times in the method table; 0 keeps no answers. */
  readonly cacheTtlSeconds?: number | undefined;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Fills an array with random bits. */
  readonly random: (pool: Uint32Array<ArrayBuffer>) => void;
  /** Removes secrets from a text before it is stored. */
  readonly redact: (text: string) => string;
}

export interface RunningService {
  readonly service: Service;
  readonly dispatch: Dispatch;
}

export function createService(options: ServiceOptions): RunningService {
  const { storage, redact, now, clock } = options;
  const routeIds = createRouteIds(options.random);
  const dispatch = createDispatcher({
    handlers: handlersOf(options),
    cached: createCached({ ...options, ttlSeconds: options.cacheTtlSeconds }),
    observer: createObserver({ ...options, newCorrelationId: routeIds }),
    state: options.state,
    routeIds,
    queryLog: storage && createQueryLog({ storage, redact, now }),
    clock,
  });
  return { dispatch, service: serviceOver(dispatch) };
}

function handlersOf(options: ServiceOptions): Handlers {
  const { catalogue, patterns } = options;
  return {
    queryAgents: queryAgents(catalogue, patterns),
    querySkills: querySkills(catalogue),
    queryWorkflows: queryWorkflows(catalogue),
    getDefinition: getDefinition(catalogue),
    getHealth: getHealth(options),
    getMetrics: getMetrics(options),
    reindex: () => catalogue.reindex(),
    ...(patterns && {
      getOrchestrationPattern: patterns.getOrchestrationPattern,
      queryPattern: patterns.queryPattern,
      storePattern: patterns.storePattern,
      cacheDecision: patterns.cacheDecision,
    }),
  };
}

/** A `Service` whose every method is one dispatch. */
function serviceOver(dispatch: Dispatch): Service {
  const call =
    <M extends MethodName>(method: M) =>
    async (params: Params<M>, context: CallContext = { door: 'internal' }): Promise<Result<M>> =>
      // What dispatch gives for M is the result of M; the contract suite holds it to the schema.
      (await dispatch({ method, params }, context)) as Result<M>;
  return Object.fromEntries(methodNames.map((method) => [method, call(method)])) as unknown as Service;
}
