/**
 * Durations in fixed memory, with percentiles that are measured.
 *
 * Log-linear buckets as in HdrHistogram (Gil Tene, http://hdrhistogram.org): each power of two is cut into 32 equal
 * parts, so a value is known to 1/32 of itself and a percentile, given as the middle of its bucket, is off by at
 * most 1/64 (1.6 %). Values are ticks of 0.1 µs; those above about an hour count as an hour.
 */
const SUB_BITS = 5;
const SUB = 1 << SUB_BITS;
const TICKS_PER_MS = 10_000;
const MAX_TICKS = 2 ** 35;
const BUCKETS = (36 - SUB_BITS) * SUB + SUB;

export interface LatencySummary {
  readonly count: number;
  /** Milliseconds, exact but for rounding. */
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** @param ms not negative; what is no number counts as 0 */
  record(ms: number): void {
    const value = Math.max(0, ms || 0);
    this.#counts[bucketOf(value)] += 1;
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds in all. */
  get sum(): number {
    return this.#sum;
  }

  /** Nearest rank: the smallest value that at least `share` of all values do not exceed, in ms; 0 when empty. */
  percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket];
      if (seen >= rank) return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
    }
    return 0;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50: this.percentile(0.5),
      p95: this.percentile(0.95),
      p99: this.percentile(0.99),
    };
  }
}

/** Below 64 ticks a bucket is one tick; above, the exponent and the five bits after the leading one. */
function bucketOf(ms: number): number {
  const ticks = Math.min(Math.round(ms * TICKS_PER_MS), MAX_TICKS);
  if (ticks < 2 * SUB) return ticks;
  const shift = Math.floor(Math.log2(ticks)) - SUB_BITS;
  return shift * SUB + Math.floor(ticks / 2 ** shift);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * SUB) return bucket / TICKS_PER_MS;
  const shift = Math.floor(bucket / SUB) - 1;
  const low = (bucket - shift * SUB) * 2 ** shift;
  return (low + (2 ** shift - 1) / 2) / TICKS_PER_MS;
}
