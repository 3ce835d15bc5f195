/**
 * Who in the catalogue would do a goal: a distribution over agents and skills, and how much two of them agree.
 *
 * Only the likeliest are kept (`KEPT` of each kind, renormalised), so that a goal costs some hundred bytes however
 * large the catalogue is.
 */

const KEPT = 40;

/** Softmax temperature of the distributions: who is clearly meant stands out, neighbours still count. */
export const DOERS_TEMPERATURE = 0.05;

/** Positions in the catalogue, ascending, with the square roots of their probabilities. */
export interface Doers {
  readonly ids: Uint16Array;
  readonly roots: Float32Array;
}

export const nobody: Doers = { ids: new Uint16Array(0), roots: new Float32Array(0) };

/** @param probabilities of each document, in the order of the index; sums to 1 */
export function doersOf(probabilities: Float32Array): Doers {
  const size = Math.min(probabilities.length, 0xffff);
  const order = Array.from({ length: size }, (_, at) => at);
  const likeliest = order
    .filter((at) => (probabilities[at] ?? 0) > 0)
    .sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b)
    .slice(0, KEPT)
    .sort((a, b) => a - b);
  const sum = likeliest.reduce((total, at) => total + (probabilities[at] ?? 0), 0);
  const roots = likeliest.map((at) => Math.sqrt((probabilities[at] ?? 0) / sum));
  return { ids: Uint16Array.from(likeliest), roots: Float32Array.from(roots) };
}

/**
 * Bhattacharyya coefficient Σ √(p·q): 1 for equal distributions, 0 for disjoint ones (A. Bhattacharyya, "On a
 * measure of divergence between two statistical populations", 1943).
 */
export function agreement(a: Doers, b: Doers): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length; ) {
    const left = a.ids[i] as number;
    const right = b.ids[j] as number;
    if (left === right) sum += (a.roots[i++] as number) * (b.roots[j++] as number);
    else if (left < right) i++;
    else j++;
  }
  return Math.min(1, sum);
}

/** `agreement` of one with many: the roots lie open, so that each comparison is one pass over the other's. */
export function agreementWith({ ids, roots }: Doers): (other: Doers) => number {
  const rootOf = new Float32Array((ids.at(-1) ?? -1) + 1);
  for (let i = 0; i < ids.length; i++) rootOf[ids[i] as number] = roots[i] as number;
  return (other) => {
    let sum = 0;
    for (let i = 0; i < other.ids.length; i++) {
      const at = other.ids[i] as number;
      if (at >= rootOf.length) break;
      sum += (rootOf[at] as number) * (other.roots[i] as number);
    }
    return Math.min(1, sum);
  };
}
