/** What was asked, how fast it was answered, what was learned: all of it counted and measured. */
import type { Handler } from '../handler.ts';
import { round } from '../hit.ts';
import type { CallMetrics } from '../ports.ts';
import type { HealthSources } from './get-health.ts';

export interface MetricsSources extends HealthSources {
  readonly metrics: CallMetrics;
}

export function getMetrics({
  metrics,
  cache,
  state,
  storage,
  patterns,
}: MetricsSources): Handler<'getMetrics'> {
  return () => {
    const memory = state.memory();
    return {
      ...metrics.report(),
      cache: cache.stats(),
      ...(patterns && { patterns: patterns.stats(), learning: patterns.learning() }),
      process: {
        memory_mb: round(memory.rss),
        private_memory_mb: memory.private === null ? null : round(memory.private),
        heap_mb: round(memory.heap),
        uptime_ms: Math.round(state.uptimeMs()),
        event_loop_max_ms: round(state.eventLoopMax()),
      },
      database: { size_mb: round(storage?.stats().size_mb ?? 0) },
    };
  };
}
