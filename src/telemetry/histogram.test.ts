import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Nearest rank over the values themselves. */
function exact(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
}

describe('Histogram', () => {
  it('is zero while empty', () => {
    expect(new Histogram().summary()).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, p99: 0 });
  });

  it('agrees with the sorted values within 2 % from a microsecond to an hour', () => {
    const ms = fc.double({ min: 0.001, max: 3_000_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(ms, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (values, share) => {
          const truth = exact(values, share);
          // Ticks of 0.1 µs add up to half a tick.
          expect(Math.abs(filled(values).percentile(share) - truth)).toBeLessThanOrEqual(
            truth * 0.02 + 0.00006,
          );
        },
      ),
    );
  });

  it('tells the tail from the middle', () => {
    const { p50, p95, p99, mean, count } = filled([...Array<number>(97).fill(1), 100, 100, 100]).summary();
    expect({ p50, p95, p99, count }).toEqual({
      p50: expect.closeTo(1, 1),
      p95: expect.closeTo(1, 1),
      p99: expect.closeTo(100, -1),
      count: 100,
    });
    expect(mean).toBeCloseTo(3.97, 10);
  });

  it('never leaves the range of what was recorded', () => {
    const one = filled([7.3]);
    expect(one.percentile(0.5)).toBe(7.3);
    expect(one.percentile(0.99)).toBe(7.3);
  });

  it('survives what is no duration', () => {
    const { count, p50 } = filled([Number.NaN, -1, 0, Number.POSITIVE_INFINITY]).summary();
    expect(count).toBe(4);
    expect(p50).toBe(0);
  });
});
