/** What was asked, how fast it was answered, what was learned: all of it counted and measured. */
import type { Handler } from '../handler.ts';
import { round } from '../hit.ts';
import type { CallMetrics } from '../ports.ts';
import type { HealthSources } from './get-health.ts';

export interface MetricsSources extends HealthSources {
  readonly metrics: CallMetrics;
}

export function getMetrics({ metrics, cache, storage, patterns }: MetricsSources): Handler<'getMetrics'> {
  return () => ({
    ...metrics.snapshot(),
    cache: cache.stats(),
    ...(patterns && { patterns: patterns.stats(), learning: patterns.learning() }),
    database: { size_mb: round(storage?.stats().size_mb ?? 0) },
  });
}
