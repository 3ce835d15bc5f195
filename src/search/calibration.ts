/**
 * How likely the first hit is the right one, from a few features of the whole answer.
 *
 *   confidence = 1 / (1 + e^−(bias + Σ weight · feature)), 0 below the threshold: nothing fits
 */
import type { Scored } from './relevance.ts';

/** What a confidence is judged by. */
export interface Evidence {
  /** Relevance of the first hit. */
  readonly top: number;
  /** Its distance from the second. */
  readonly margin: number;
  /** Its distance from the mean of all, in standard deviations. */
  readonly outlying: number;
  /** Share of what was asked that the index knows, 0..1. */
  readonly known: number;
  /** Share of what was asked that the first hit holds, 0..1. */
  readonly covered: number;
  /** Similarity of meaning of the first hit. */
  readonly meaning: number;
  /** How near the first hit is to the best of each half, 0..1. */
  readonly agreement: number;
  /** Definitions that took part, as a natural logarithm. */
  readonly size: number;
}

export function evidenceOf(
  { read, lexical, semantic, relevance }: Scored,
  first: number | undefined,
  allowed: (i: number) => boolean,
): Evidence {
  const none = { top: 0, margin: 0, outlying: 0, known: 0, covered: 0, meaning: 0, agreement: 0, size: 0 };
  if (first === undefined) return none;
  let [count, sum, squares, second, bestLexical, bestSemantic] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < relevance.length; i++) {
    if (!allowed(i)) continue;
    const value = relevance[i];
    count++;
    sum += value;
    squares += value * value;
    if (i !== first && value > second) second = value;
    if (lexical[i] > bestLexical) bestLexical = lexical[i];
    if (semantic[i] > bestSemantic) bestSemantic = semantic[i];
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const top = relevance[first];
  return {
    top,
    margin: top - second,
    outlying: deviation > 0 ? (top - mean) / deviation : 0,
    known: read.known,
    covered: read.mass > 0 ? lexical[first] / read.mass : 0,
    meaning: semantic[first],
    agreement: share(lexical[first], bestLexical) * share(semantic[first], bestSemantic),
    size: Math.log(count),
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, part / whole) : 0;
}

/** 0..1. */
export function confidenceOf({ top, margin, known }: Evidence): number {
  const x = -5.5 + 8 * top + 8 * margin + 0.5 * known;
  return 1 / (1 + Math.exp(-x));
}
