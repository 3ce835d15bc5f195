/**
 * Meaning and words into one relevance, and relevance into a score.
 *
 *   relevance = semantic + weight(query) · lexical
 *   score     = 1 / (1 + e^(−(relevance − middle) / width))
 */

/** BM25F points count this much beside a cosine. */
const LEXICAL = 0.02;
const MIDDLE = 0.5;
const WIDTH = 0.12;

export function relevance(semantic: number, lexical: number): number {
  return semantic + LEXICAL * lexical;
}

/** Strength 0..1 of a relevance. */
export function strength(value: number): number {
  return 1 / (1 + Math.exp((MIDDLE - value) / WIDTH));
}
