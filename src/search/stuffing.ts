/**
 * How far a definition's description can be trusted: text that says the same words over and over was written to be
 * found, not to be read.
 *
 * Saturation of term frequencies and the weights of repeated words take most of its gain away; a description that
 * consists of little else loses the rest here. Of 2,512 real descriptions the most repetitive has 34 distinct words
 * in a hundred, so none of them is touched.
 */

const FEWEST_DISTINCT = 0.3;
/** Shorter texts repeat themselves by chance. */
const SHORTEST = 12;

/** 1 for an honest text, less the more it repeats itself. */
export function trustOf(words: readonly string[]): number {
  if (words.length < SHORTEST) return 1;
  return Math.min(1, new Set(words).size / words.length / FEWEST_DISTINCT);
}
