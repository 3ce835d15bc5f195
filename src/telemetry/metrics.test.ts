import { describe, expect, it } from 'vitest';
import { metricsSchema } from '../protocol/entities.ts';
import { exposition } from './exposition.ts';
import { createMetrics, latencyBounds } from './metrics.ts';
import { openProcessProbe } from './process-readings.ts';

const readings = {
  memory_mb: 60,
  private_memory_mb: null,
  heap_mb: 9,
  uptime_ms: 1500,
  event_loop_max_ms: 2,
};

function recorded() {
  let open = true;
  const metrics = createMetrics({ read: () => readings, close: () => (open = false) });
  metrics.recordCall('queryAgents', 0.2);
  metrics.recordCall('queryAgents', 0.4);
  metrics.recordCall('getHealth', 30);
  metrics.recordCall('noSuchMethod', 1);
  metrics.recordCall('__proto__', 1);
  metrics.recordError(-32602);
  metrics.recordError(-32602);
  metrics.recordError(-32601);
  return { metrics, isOpen: () => open };
}

const rest = {
  cache: { hits: 3, misses: 1, hit_rate: 0.75 },
  database: { size_mb: 0.5 },
  patterns: { total: 2, avg_success_rate: 0.5 },
  learning: { decisions: 4, lift: null },
};

describe('createMetrics', () => {
  it('counts by method and code, and measures', () => {
    const { queries, errors, performance, process } = recorded().metrics.snapshot();
    expect(queries).toEqual({ total: 3, by_method: { queryAgents: 2, getHealth: 1 } });
    expect(errors).toEqual({ by_code: { '-32602': 2, '-32601': 1 } });
    expect(performance.by_method.queryAgents).toMatchObject({ count: 2, avg_query_time_ms: 0.3 });
    expect(performance.p99_query_time_ms).toBeCloseTo(30, 0);
    expect(performance.p50_query_time_ms).toBeCloseTo(0.4, 2);
    expect(process).toEqual(readings);
  });

  it('gives what the contract asks for', () => {
    expect(metricsSchema.safeParse({ ...recorded().metrics.snapshot(), ...rest }).error).toBeUndefined();
  });

  it('gives cumulative buckets that end at the count of calls below the last bound', () => {
    const series = recorded().metrics.series();
    const agents = series.find(({ method }) => method === 'queryAgents');
    expect(agents?.cumulative[latencyBounds.indexOf(0.0001)]).toBe(0);
    expect(agents?.cumulative[latencyBounds.indexOf(0.00025)]).toBe(1);
    expect(agents?.cumulative[latencyBounds.indexOf(0.0005)]).toBe(2);
    expect(agents?.cumulative.at(-1)).toBe(2);
  });

  it('lets go of its probe', () => {
    const { metrics, isOpen } = recorded();
    metrics.close();
    expect(isOpen()).toBe(false);
  });
});

describe('exposition', () => {
  const { metrics } = recorded();
  const whole = { ...metrics.snapshot(), ...rest };
  const text = exposition(whole, metrics.series(), 'text');

  it('is well-formed: each family once, HELP then TYPE then its samples', () => {
    const families = [
      ...text.matchAll(/^# HELP (\S+) .+\n# TYPE (\S+) (counter|gauge|histogram)\n((?:[^#].*\n)+)/gm),
    ];
    expect(families.map(([block]) => block).join('')).toBe(text);
    for (const [, help, type, kind, samples = ''] of families) {
      expect(help).toBe(type);
      for (const line of samples.trimEnd().split('\n')) {
        const suffix = kind === 'histogram' ? '(_bucket|_sum|_count)' : '';
        expect(line).toMatch(
          new RegExp(`^${help}${suffix}(\\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\\})? -?[0-9.e+-]+$`),
        );
      }
    }
    expect(new Set(families.map(([, name]) => name)).size).toBe(families.length);
  });

  it('writes counters, histograms and gauges', () => {
    expect(text).toContain(
      '# TYPE callsheet_queries_total counter\ncallsheet_queries_total{method="queryAgents"} 2\n',
    );
    expect(text).toContain('callsheet_errors_total{code="-32602"} 2\n');
    expect(text).toContain('callsheet_query_duration_seconds_bucket{method="queryAgents",le="0.00025"} 1\n');
    expect(text).toContain('callsheet_query_duration_seconds_bucket{method="queryAgents",le="+Inf"} 2\n');
    expect(text).toMatch(/callsheet_query_duration_seconds_sum\{method="queryAgents"\} 0\.0006/);
    expect(text).toContain('callsheet_query_duration_seconds_count{method="queryAgents"} 2\n');
    expect(text).toContain('callsheet_resident_memory_bytes 62914560\n');
    expect(text).toContain('callsheet_cache_hits_total 3\n');
  });

  it('leaves out what is not known', () => {
    expect(text).not.toContain('callsheet_learning_lift');
    expect(text).not.toContain('callsheet_private_memory_bytes');
    expect(text).not.toMatch(/null|undefined|NaN/);
    const { patterns: _, learning: __, ...without } = whole;
    expect(exposition(without, [], 'text')).not.toContain('callsheet_patterns');
  });

  it('names counter families without _total in OpenMetrics, and ends it', () => {
    const open = exposition(whole, metrics.series(), 'openmetrics');
    expect(open).toContain('# TYPE callsheet_queries counter\ncallsheet_queries_total{');
    expect(open.endsWith('\n# EOF\n')).toBe(true);
    expect(text).not.toContain('# EOF');
  });

  it('escapes labels', () => {
    const odd = { method: 'a"b\\c\nd', count: 1, sumSeconds: 1, cumulative: [] };
    expect(exposition(whole, [odd], 'text')).toContain(
      'callsheet_queries_total{method="a\\"b\\\\c\\nd"} 1\n',
    );
  });
});

describe('openProcessProbe', () => {
  it('reads this process', async () => {
    const probe = openProcessProbe();
    // The first look of its timer starts the measuring.
    await new Promise((resolve) => setTimeout(resolve, 60));
    const start = performance.now();
    while (performance.now() - start < 120);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { memory_mb, private_memory_mb, heap_mb, event_loop_max_ms } = probe.read();
    expect(memory_mb).toBeGreaterThan(10);
    expect(heap_mb).toBeLessThan(memory_mb * 4);
    if (process.platform === 'linux') expect(private_memory_mb).toBeGreaterThan(1);
    expect(event_loop_max_ms).toBeGreaterThan(20);
    probe.close();
  });
});
