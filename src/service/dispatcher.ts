/**
 * The one way into the service.
 *
 *   call → observe( known? → ready? → validate → cached( handler → JSON ) → cache_hit, route_id → query log )
 *
 * Knows nothing of HTTP and JSON-RPC: doors hand in a method's name and its parameters.
 */
import { CallsheetError } from '../protocol/errors.ts';
import type { JsonText } from '../protocol/json-text.ts';
import { isMethodName, type MethodName, methodNames, methods } from '../protocol/methods.ts';
import type { CallContext, Dispatch } from '../protocol/service.ts';
import { validate } from '../protocol/validation.ts';
import { nearestName } from '../search/nearest-name.ts';
import type { CachedCall } from './cached.ts';
import type { Handlers } from './handler.ts';
import { complete, keep } from './kept-answer.ts';
import type { Observed, Observer } from './observe.ts';
import type { ProcessState } from './ports.ts';
import type { QueryLog } from './query-log.ts';
import type { RouteIds } from './route-id.ts';

export interface DispatcherOptions {
  readonly handlers: Handlers;
  readonly cached: CachedCall;
  readonly observer: Observer;
  readonly state: Pick<ProcessState, 'phase'>;
  readonly routeIds: RouteIds;
  /** Absent: nothing is remembered of queries. */
  readonly queryLog?: QueryLog | undefined;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

type AnyHandler = (params: object, context: CallContext) => object | Promise<object>;

/** Answered in every phase: how else would one learn of it. */
const always: ReadonlySet<MethodName> = new Set(['getHealth', 'getMetrics']);
/** Methods whose results name their answer. */
const routed: ReadonlySet<MethodName> = new Set(
  methodNames.filter((name) => 'route_id' in methods[name].result.shape),
);

export function createDispatcher(options: DispatcherOptions): Dispatch {
  const { handlers, cached, observer, state, routeIds, queryLog, clock } = options;

  const answerQuery = async (
    method: MethodName,
    params: object,
    compute: () => object | Promise<object>,
    { json }: CallContext,
  ): Promise<Observed<object>> => {
    const started = clock();
    const { value: kept, hit } = await cached(method, params, async () => {
      const value = await compute();
      return keep(queryLog?.memoOf(params, value), value);
    });
    const routeId = routeIds();
    if (kept.memo) {
      queryLog?.write({ method, routeId, memo: kept.memo, hit, durationMs: clock() - started });
    }
    const text = complete(kept, hit, routed.has(method) ? routeId : undefined);
    return { result: json ? text : parsed(text), cacheHit: hit };
  };

  const answer = async (
    method: MethodName,
    params: unknown,
    context: CallContext,
  ): Promise<Observed<object>> => {
    // The table pairs each method with its own parameters; here they are looked up together, by name.
    const handler = handlers[method] as AnyHandler | undefined;
    if (!handler) throw notFound(method);
    if (state.phase() !== 'serving' && !always.has(method)) {
      throw new CallsheetError('unavailable', `The server is ${state.phase()}; try again in a moment.`);
    }
    const valid = validate(method, params, nearestName);
    const compute = (): object | Promise<object> => handler(valid, context);
    return methods[method].cache ? answerQuery(method, valid, compute, context) : { result: await compute() };
  };

  return ({ method, params }, context) =>
    isMethodName(method)
      ? observer.observe(method, context, () => answer(method, params, context))
      : observer.observe(undefined, context, () => Promise.reject(notFound(method)));
}

function parsed({ head, tail }: JsonText): object {
  return JSON.parse(`${Buffer.from(head)}${tail}`) as object;
}

function notFound(method: string): CallsheetError {
  const near = isMethodName(method) ? undefined : nearestName(method.slice(0, 60), methodNames);
  return new CallsheetError('method_not_found', near && `Method not found; did you mean "${near}"?`);
}
