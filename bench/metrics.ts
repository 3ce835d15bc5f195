/** Measures of a ranking against graded labels, and of a confidence against what came true. */

/** Graded nDCG at `depth`: gain 2^grade − 1, discount log2(rank + 1), against the best order possible. 0..1. */
export function ndcg(ranked: readonly string[], relevant: ReadonlyMap<string, number>, depth = 10): number {
  const gained = discounted(ranked.slice(0, depth).map((name) => relevant.get(name) ?? 0));
  const ideal = discounted([...relevant.values()].sort((a, b) => b - a).slice(0, depth));
  return ideal > 0 ? gained / ideal : 0;
}

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
}

/** Share of the relevant found among the first `depth`; the most that can be found is 1. */
export function recall(ranked: readonly string[], relevant: ReadonlyMap<string, number>, depth = 5): number {
  const found = ranked.slice(0, depth).filter((name) => (relevant.get(name) ?? 0) > 0).length;
  return relevant.size > 0 ? found / Math.min(depth, relevant.size) : 0;
}

/** Probability that a positive has the higher value, ties counting half. NaN without both sorts. */
export function auroc(cases: readonly { readonly value: number; readonly positive: boolean }[]): number {
  const positives = cases.filter((c) => c.positive);
  const negatives = cases.filter((c) => !c.positive);
  let wins = 0;
  for (const { value } of positives) {
    for (const other of negatives) wins += value > other.value ? 1 : value === other.value ? 0.5 : 0;
  }
  return wins / (positives.length * negatives.length);
}

/** Expected calibration error over ten bins of equal width. Guo et al., ICML 2017. */
export function calibrationError(
  cases: readonly { readonly value: number; readonly positive: boolean }[],
): number {
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const inside = cases.filter(({ value }) => Math.min(9, Math.floor(value * 10)) === bin);
    if (inside.length === 0) continue;
    const came = mean(inside.map(({ positive }) => (positive ? 1 : 0)));
    const said = mean(inside.map(({ value }) => value));
    error += (inside.length / cases.length) * Math.abs(came - said);
  }
  return error;
}

/** Mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean, as estimated from the values; NaN of fewer than two. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
