/** The best of many by score, without sorting them all. */

/**
 * Indices of the `count` highest scores, best first; the lower index wins a tie.
 * @param allowed which indices take part
 */
export function topOf(scores: Float32Array, count: number, allowed: (index: number) => boolean): number[] {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (best.length === count && scores[i] <= scores[best[count - 1]]) continue;
    if (!allowed(i)) continue;
    let at = best.length < count ? best.length : count - 1;
    for (; at > 0 && scores[best[at - 1]] < scores[i]; at--) best[at] = best[at - 1];
    best[at] = i;
  }
  return best;
}
