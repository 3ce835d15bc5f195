/**
 * BM25F over the inverted index: saturates the pseudo-frequencies and weighs terms by their rarity.
 *
 *   score(d) = Σ weight(t) · idf(t) · tf(t, d) / (k1 + tf(t, d)),  tf = head + body
 *
 * Robertson, Zaragoza: "The probabilistic relevance framework: BM25 and beyond", 2009, §3.6.
 */
import type { InvertedIndex } from './inverted-index.ts';

const K1 = 0.9;

export interface WeightedTerm {
  /** Number in the index's dictionary. */
  readonly term: number;
  /** 1 for a word as it was asked; less for what it was read as. */
  readonly weight: number;
}

/** Rarity of a term: ln(1 + (N − n + ½) / (n + ½)), n counted over whole documents. */
export function rarity(index: InvertedIndex, term: number): number {
  const n = index.starts[term + 1] - index.starts[term];
  return rarityOf(n, index.documents);
}

/** Rarity of a term no document holds. */
export function rarityOf(n: number, documents: number): number {
  return Math.log(1 + (documents - n + 0.5) / (n + 0.5));
}

/** Adds the score of each document to `scores`. */
export function scoreTerms(index: InvertedIndex, terms: readonly WeightedTerm[], scores: Float32Array): void {
  const { starts, postings, head, body } = index;
  for (const { term, weight } of terms) {
    const factor = weight * rarity(index, term);
    for (let i = starts[term]; i < starts[term + 1]; i++) {
      const frequency = head[i] + body[i];
      scores[postings[i]] += (factor * frequency) / (K1 + frequency);
    }
  }
}
