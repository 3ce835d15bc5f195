/**
 * Metrics as Prometheus reads them.
 *
 * Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
 * OpenMetrics 1.0: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
import type { Metrics as MetricsResult } from '../protocol/entities.ts';
import { latencyBounds, type MethodSeries } from './metrics.ts';

export type ExpositionFormat = 'text' | 'openmetrics';

export const expositionTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

interface Sample {
  /** Appended to the family's name: `_bucket`, `_sum`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  /** Without the `_total` of a counter. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const MB = 1024 * 1024;

/** Writes one scrape. @param metrics the whole answer of `getMetrics` */
export function exposition(
  metrics: MetricsResult,
  series: readonly MethodSeries[],
  format: ExpositionFormat,
): string {
  const families = [...callFamilies(metrics, series), ...stateFamilies(metrics), ...processFamilies(metrics)];
  const text = families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => familyText(family, format))
    .join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}

function callFamilies(metrics: MetricsResult, series: readonly MethodSeries[]): Family[] {
  return [
    counter(
      'callsheet_queries',
      'Calls answered, by method.',
      series.map(({ method, count }) => ({ labels: { method }, value: count })),
    ),
    {
      name: 'callsheet_query_duration_seconds',
      type: 'histogram',
      help: 'Time a call took in the service, by method.',
      samples: series.flatMap(histogramSamples),
    },
    counter(
      'callsheet_errors',
      'Errors answered, by JSON-RPC code.',
      Object.entries(metrics.errors.by_code).map(([code, value]) => ({ labels: { code }, value })),
    ),
    counter('callsheet_cache_hits', 'Answers taken from the cache.', [{ value: metrics.cache.hits }]),
    counter('callsheet_cache_misses', 'Answers that had to be computed.', [{ value: metrics.cache.misses }]),
  ];
}

function stateFamilies({ patterns, learning, database }: MetricsResult): Family[] {
  const lift = learning?.lift;
  return [
    gauge('callsheet_patterns', 'Plans that are remembered.', patterns?.total),
    gauge(
      'callsheet_pattern_success_ratio',
      'Their average success rate, 0 to 1.',
      patterns?.avg_success_rate,
    ),
    gauge('callsheet_decisions', 'Outcomes that are remembered.', learning?.decisions),
    gauge(
      'callsheet_learning_lift',
      'Gain in success of followed recommendations over the rest.',
      lift ?? undefined,
    ),
    gauge('callsheet_database_size_bytes', 'Database and journal on disk.', bytes(database.size_mb)),
  ];
}

function processFamilies({ process }: MetricsResult): Family[] {
  return [
    gauge('callsheet_resident_memory_bytes', 'Resident set size.', bytes(process.memory_mb)),
    gauge(
      'callsheet_private_memory_bytes',
      'Resident memory that is this process alone (RssAnon).',
      process.private_memory_mb === null ? undefined : bytes(process.private_memory_mb),
    ),
    gauge('callsheet_heap_bytes', 'JavaScript heap in use.', bytes(process.heap_mb)),
    gauge('callsheet_uptime_seconds', 'Time since the process started.', process.uptime_ms / 1000),
    gauge(
      'callsheet_event_loop_max_seconds',
      'Longest pause of the event loop since the last reading.',
      process.event_loop_max_ms / 1000,
    ),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples: samples.map((sample) => ({ ...sample, suffix: '_total' })) };
}

function gauge(name: string, help: string, value: number | undefined): Family {
  return { name, type: 'gauge', help, samples: value === undefined ? [] : [{ value }] };
}

function bytes(megabytes: number): number {
  return Math.round(megabytes * MB);
}

function histogramSamples({ method, count, sumSeconds, cumulative }: MethodSeries): Sample[] {
  const bucket = (le: string, value: number): Sample => ({
    suffix: '_bucket',
    labels: { method, le },
    value,
  });
  return [
    ...latencyBounds.map((bound, i) => bucket(String(bound), cumulative[i] ?? 0)),
    bucket('+Inf', count),
    { suffix: '_sum', labels: { method }, value: sumSeconds },
    { suffix: '_count', labels: { method }, value: count },
  ];
}

/** The text format names a counter's family like its samples, OpenMetrics without `_total`. */
function familyText({ name, type, help, samples }: Family, format: ExpositionFormat): string {
  const family = type === 'counter' && format === 'text' ? `${name}_total` : name;
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`,
  );
  return `# HELP ${family} ${escapeHelp(help, format)}\n# TYPE ${family} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string, format: ExpositionFormat): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
