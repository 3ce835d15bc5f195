/**
 * BM25F over the inverted index: saturates the pseudo-frequencies and weighs terms by their rarity.
 *
 *   lexical(d) = Σ weight(t) · rarity(t) · tf(t, d) / (k1 + tf(t, d)),  tf = head + body
 *
 * Robertson, Zaragoza: "The probabilistic relevance framework: BM25 and beyond", 2009, §3.6.
 */
import { type InvertedIndex, postingOf } from './inverted-index.ts';

const K1 = 0.9;
/** A document that has a term in its body alone counts this much when the rarity of the term among heads is asked. */
const BODY_SHARE = 0.1;
/** Where words decide, rarity counts with the power 1.5; at this share of the largest it is what it was. */
const USUAL = 0.7;

export interface WeightedTerm {
  /** Number in the index's dictionary. */
  readonly term: number;
  /** 1 for a word as it was asked; less for what it was read as. */
  readonly weight: number;
}

/** Rarity of a term: ln(1 + (N − n + ½) / (n + ½)), n counted over whole documents. */
export function rarity(index: InvertedIndex, term: number): number {
  return rarityOf(index.starts[term + 1] - index.starts[term], index.documents);
}

/** Rarity of a term that `n` of `documents` hold. */
export function rarityOf(n: number, documents: number): number {
  return Math.log(1 + (documents - n + 0.5) / (n + 0.5));
}

/** Adds the lexical score of each document to `scores`. */
export function scoreTerms(index: InvertedIndex, terms: readonly WeightedTerm[], scores: Float32Array): void {
  for (const { term, weight } of terms) addTerm(index, term, weight * rarity(index, term), scores);
}

/** How much of a document's lexical score is owed to a single term, 0..1; 1 where it has none of them. */
export function largestShare(index: InvertedIndex, terms: readonly WeightedTerm[], document: number): number {
  let largest = 0;
  let sum = 0;
  for (const { term, weight } of terms) {
    const at = postingOf(index, term, document);
    if (at < 0) continue;
    const frequency = index.head[at] + index.body[at];
    const score = (weight * rarity(index, term) * frequency) / (K1 + frequency);
    largest = Math.max(largest, score);
    sum += score;
  }
  return sum > 0 ? largest / sum : 1;
}

/**
 * Adds what tells near-identical neighbours apart: rarity counted over names and descriptions, where words that every
 * body holds are still rare, and words of the name once more.
 * @param named how much a word of the name adds, in units of what the word says
 */
export function scorePointedly(
  index: InvertedIndex,
  terms: readonly WeightedTerm[],
  named: number,
  scores: Float32Array,
): void {
  const { starts, postings, headFrequency, inName } = index;
  const usual = USUAL * rarityOf(1, index.documents);
  for (const { term, weight } of terms) {
    const all = starts[term + 1] - starts[term];
    const heads = headFrequency[term];
    const rare = rarityOf(heads + BODY_SHARE * (all - heads), index.documents);
    const factor = weight * rare * Math.sqrt(rare / usual);
    addTerm(index, term, factor, scores);
    for (let i = starts[term]; i < starts[term + 1]; i++) {
      if (inName[i] === 1) scores[postings[i]] += named * factor;
    }
  }
}

function addTerm(index: InvertedIndex, term: number, factor: number, scores: Float32Array): void {
  const { starts, postings, head, body } = index;
  for (let i = starts[term]; i < starts[term + 1]; i++) {
    const frequency = head[i] + body[i];
    scores[postings[i]] += (factor * frequency) / (K1 + frequency);
  }
}
