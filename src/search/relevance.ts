/** Relevance of every definition to a text: the lexical and the semantic half, blended as the text suits. */
import { type Blend, blendOf, relevance } from './fusion.ts';
import type { InvertedIndex } from './inverted-index.ts';
import { type ModelTier, modelHint, tierWanted } from './model-hint.ts';
import { type ReadQuery, readQuery } from './read-query.ts';
import { scorePointedly, scoreTerms } from './scorer.ts';
import type { Embedding } from './semantic.ts';
import type { Spelling } from './spelling.ts';
import type { VectorRows } from './vector-rows.ts';
import { queryWeights } from './word-weights.ts';

export interface RelevanceParts {
  readonly tiers: readonly ModelTier[];
  /** 0..1; less where a description only repeats itself. */
  readonly trust: Float32Array;
  readonly index: InvertedIndex;
  readonly spelling: Spelling;
  /** Share of definitions without a body, 0..1. */
  readonly withoutBody: number;
  readonly meaning?: { readonly embedding: Embedding; readonly rows: VectorRows };
}

/** One number a definition, in their order. */
export interface Scored {
  readonly read: ReadQuery;
  /** BM25 points. */
  readonly lexical: Float32Array;
  /** Similarity of meaning, about −0.3..1. */
  readonly semantic: Float32Array;
  readonly relevance: Float32Array;
}

/** A word of the name counts this much of its rarity once more, where words decide. */
const NAMED = 1.2;
/** What a word that no definition has usually weighs in the embedding. */
const USUAL_WEIGHT = 1.5;

export function scoreAll(parts: RelevanceParts, text: string): Scored {
  const { index, spelling, meaning, tiers, trust } = parts;
  const knows = (word: string): boolean => meaning?.embedding.knows(word) ?? false;
  const read = readQuery(text, { index, spelling, knows, weigh: weigher(meaning?.embedding) });
  const lexical = new Float32Array(tiers.length);
  const semantic = new Float32Array(tiers.length);
  const total = new Float32Array(tiers.length);
  scoreTerms(index, read.terms, lexical);
  if (meaning) meaning.rows.scan(meaning.embedding.embed(read.text, queryWeights()), semantic);
  const blend = blendOf(meaning ? read.foreign : 1, parts.withoutBody, largest(lexical), read.mass);
  if (needsPointed(blend)) scorePointedly(index, read.terms, NAMED, total);
  const wanted = tierWanted(text);
  for (let i = 0; i < total.length; i++) {
    const value = relevance(blend, semantic[i], lexical[i], total[i]);
    total[i] = value * trust[i] + modelHint(wanted, tiers[i]);
  }
  return { read, lexical, semantic, relevance: total };
}

/** As the vectors weigh words; all the same without an embedding. */
function weigher(embedding: Embedding | undefined): (word: string) => number {
  if (!embedding) return () => USUAL_WEIGHT;
  const weightOf = queryWeights();
  return (word) => Math.max(0, ...embedding.tokens(word, weightOf).map(({ weight }) => weight));
}

function needsPointed({ decisive, unreadable }: Blend): boolean {
  return decisive > 0 && unreadable < 1;
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
