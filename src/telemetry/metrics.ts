/**
 * What is counted and measured: calls and durations by method, errors by code, the process itself.
 *
 *   recordCall, recordError ─► counters and histograms ─► snapshot()  the members of `getMetrics` that are ours
 *                                                     └─► series()    what exposition.ts writes for Prometheus
 */
import type { Metrics as MetricsResult } from '../protocol/entities.ts';
import { isMethodName } from '../protocol/methods.ts';
import { Histogram } from './histogram.ts';
import type { ProcessProbe } from './process-readings.ts';

/** Upper bounds in seconds of the histogram that Prometheus sees. */
export const latencyBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
] as const;

export interface MethodSeries {
  readonly method: string;
  readonly count: number;
  readonly sumSeconds: number;
  /** For each of `latencyBounds`, how many calls took at most so long. */
  readonly cumulative: readonly number[];
}

export interface Metrics {
  /** One answered call, whatever the answer. Methods outside the table are not counted: callers could name endless ones. */
  recordCall(method: string, durationMs: number): void;
  /** One error that was answered, by its JSON-RPC code. */
  recordError(code: number): void;
  /** The members of `getMetrics` that are known here. */
  snapshot(): Pick<MetricsResult, 'queries' | 'errors' | 'performance' | 'process'>;
  series(): readonly MethodSeries[];
  close(): void;
}

interface MethodRecord {
  readonly histogram: Histogram;
  readonly buckets: number[];
}

export function createMetrics(probe: ProcessProbe): Metrics {
  const all = new Histogram();
  const byMethod = new Map<string, MethodRecord>();
  const byCode = new Map<number, number>();
  return {
    recordCall(method, durationMs) {
      if (!isMethodName(method)) return;
      const record = byMethod.get(method) ?? newRecord();
      byMethod.set(method, record);
      all.record(durationMs);
      record.histogram.record(durationMs);
      const bucket = latencyBounds.findIndex((bound) => durationMs <= bound * 1000);
      if (bucket >= 0) record.buckets[bucket] = (record.buckets[bucket] ?? 0) + 1;
    },
    recordError(code) {
      byCode.set(code, (byCode.get(code) ?? 0) + 1);
    },
    snapshot: () => ({
      queries: { total: all.count, by_method: mapped(byMethod, ({ histogram }) => histogram.count) },
      errors: { by_code: mapped(byCode, (count) => count) },
      performance: {
        ...latencies(all),
        by_method: mapped(byMethod, ({ histogram }) => ({ count: histogram.count, ...latencies(histogram) })),
      },
      process: probe.read(),
    }),
    series: () => [...byMethod].map(([method, record]) => seriesOf(method, record)),
    close: () => probe.close(),
  };
}

function newRecord(): MethodRecord {
  return { histogram: new Histogram(), buckets: latencyBounds.map(() => 0) };
}

function latencies(histogram: Histogram) {
  const { mean, p50, p95, p99 } = histogram.summary();
  return {
    avg_query_time_ms: microseconds(mean),
    p50_query_time_ms: microseconds(p50),
    p95_query_time_ms: microseconds(p95),
    p99_query_time_ms: microseconds(p99),
  };
}

/** Ten digits of a duration say nothing that four do not. */
function microseconds(ms: number): number {
  return Math.round(ms * 10_000) / 10_000;
}

function mapped<K extends string | number, V, R>(
  map: ReadonlyMap<K, V>,
  to: (value: V) => R,
): Record<string, R> {
  return Object.fromEntries([...map].map(([key, value]) => [String(key), to(value)]));
}

function seriesOf(method: string, { histogram, buckets }: MethodRecord): MethodSeries {
  let sum = 0;
  const cumulative = buckets.map((count) => {
    sum += count;
    return sum;
  });
  return { method, count: histogram.count, sumSeconds: histogram.sum / 1000, cumulative };
}
