/**
 * What is known of every call: how long it took, how it ended, under which correlation id.
 *
 *   work → metrics, log line → the answer
 *        ↘ throws → counted by code; unknown exceptions go to the log whole and to the caller as `internal`
 */
import { CallsheetError } from '../protocol/errors.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { CallContext } from '../protocol/service.ts';
import { round } from './hit.ts';
import type { CallMetrics, ServiceLog } from './ports.ts';

export interface ObserverOptions {
  readonly metrics: CallMetrics;
  readonly log: ServiceLog;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly newCorrelationId: () => string;
}

/** What an observed piece of work tells besides its result. */
export interface Observed<T> {
  readonly result: T;
  readonly cacheHit?: boolean | undefined;
}

export interface Observer {
  /** @param method undefined where the caller named one that does not exist */
  observe<T>(
    method: MethodName | undefined,
    context: CallContext,
    work: () => Promise<Observed<T>>,
  ): Promise<T>;
}

/** A call that takes longer is worth a warning, in milliseconds. */
const SLOW = 250;

export function createObserver({ metrics, log, clock, newCorrelationId }: ObserverOptions): Observer {
  const report = (
    method: MethodName | undefined,
    { correlationId, door }: CallContext,
    ms: number,
    cacheHit: boolean | undefined,
    code: number | undefined,
  ): void => {
    if (method) metrics.recordCall(method, ms);
    const fields = {
      correlation_id: correlationId,
      door,
      method,
      duration_ms: round(ms),
      cache_hit: cacheHit,
      code,
    };
    if (ms >= SLOW && method !== 'reindex') log.warn('slow call', fields);
    else log.info('call', fields);
  };
  const explain = (thrown: unknown, context: CallContext, method: MethodName | undefined): CallsheetError => {
    if (thrown instanceof CallsheetError && thrown.kind !== 'internal') return thrown;
    const correlationId = context.correlationId ?? newCorrelationId();
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    log.error('call failed unexpectedly', { correlation_id: correlationId, method, error });
    return new CallsheetError('internal', undefined, { correlation_id: correlationId }, { cause: thrown });
  };
  return {
    async observe(method, context, work) {
      const started = clock();
      try {
        const { result, cacheHit } = await work();
        report(method, context, clock() - started, cacheHit, undefined);
        return result;
      } catch (thrown) {
        const error = explain(thrown, context, method);
        metrics.recordError(error.code);
        report(method, context, clock() - started, undefined, error.code);
        throw error;
      }
    },
  };
}
