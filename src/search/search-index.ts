/**
 * Answers questions over what `engine.ts` built.
 *
 *   query → read → relevance of every document → score → best → hits with reasons, confidence
 *
 * Scratch memory is shared between queries: a search runs to its end before the next begins.
 */
import { confidenceOf } from './calibration.ts';
import { explain } from './explain.ts';
import { relevance, strength } from './fusion.ts';
import type { InvertedIndex } from './inverted-index.ts';
import { type ModelTier, modelHint, tierWanted } from './model-hint.ts';
import type { NearHit, SearchAnswer, SearchHit, SearchIndex, SearchQuery } from './query.ts';
import { type ReadQuery, readQuery } from './read-query.ts';
import { scoreTerms } from './scorer.ts';
import type { Embedding } from './semantic.ts';
import type { Spelling } from './spelling.ts';
import type { TagMatch, Tags } from './tags.ts';
import { topOf } from './top.ts';
import type { VectorRows } from './vector-rows.ts';

export interface IndexParts {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly tiers: readonly ModelTier[];
  readonly index: InvertedIndex;
  readonly spelling: Spelling;
  readonly tags: Tags;
  readonly standsFor: Uint32Array;
  readonly meaning?: { readonly embedding: Embedding; readonly rows: VectorRows };
}

/** Share of the capability in the score: alone, and beside a text. */
const CAPABILITY_ALONE = 0.7;
const CAPABILITY_BESIDE = 0.5;
/** A near tag counts less than half of the same one, so that it never passes it. */
const FUZZY = 0.5;
const TEMPERATURE = 0.05;

export function createSearchIndex(parts: IndexParts): SearchIndex {
  const { ids } = parts;
  const position = new Map(ids.map((id, i) => [id, i]));
  const copies = copiesOf(parts.standsFor);
  return {
    size: ids.length,
    semantic: parts.meaning !== undefined,
    ids,
    search: (query) => {
      const among = query.among?.map((id) => position.get(id)).filter((i): i is number => i !== undefined);
      const wanted = [query.text, query.capability].filter((text) => text?.trim()).join(' ; ');
      if (wanted === '') return listing(parts, query, among);
      return answer(parts, query, wanted, among, copies);
    },
    distribution: (text, temperature = TEMPERATURE) => distribution(parts, text, temperature),
  };
}

function copiesOf(standsFor: Uint32Array): Map<number, number[]> {
  const copies = new Map<number, number[]>();
  standsFor.forEach((winner, i) => {
    if (winner !== i) copies.set(winner, [...(copies.get(winner) ?? []), i]);
  });
  return copies;
}

/** Nothing was asked: the documents in their order. */
function listing(parts: IndexParts, { limit }: SearchQuery, among?: readonly number[]): SearchAnswer {
  const all = among ?? [...parts.ids.keys()].filter((i) => parts.standsFor[i] === i);
  const hits = all.slice(0, limit).map((i, rank) => ({
    id: parts.ids[i],
    score: 1 - rank / (all.length + 1),
    explanation: { reasons: [], parts: { lexical: 0, semantic: 0, capability: 0 } },
    also: [],
  }));
  return { hits, confidence: hits.length > 0 ? 1 : 0, searched: all.length, nearest: [] };
}

interface Scored {
  readonly read: ReadQuery;
  readonly lexical: Float32Array;
  readonly semantic: Float32Array;
  readonly relevance: Float32Array;
}

function scoreAll(parts: IndexParts, text: string): Scored {
  const { index, spelling, meaning } = parts;
  const size = parts.ids.length;
  const knows = (word: string): boolean => meaning?.embedding.knows(word) ?? false;
  const read = readQuery(text, { index, spelling, knows });
  const lexical = new Float32Array(size);
  const semantic = new Float32Array(size);
  scoreTerms(index, read.terms, lexical);
  if (meaning) meaning.rows.scan(meaning.embedding.embed(read.text), semantic);
  const wanted = tierWanted(text);
  const total = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    total[i] = relevance(semantic[i], lexical[i]) + modelHint(wanted, parts.tiers[i]);
  }
  return { read, lexical, semantic, relevance: total };
}

function answer(
  parts: IndexParts,
  query: SearchQuery,
  wanted: string,
  among: readonly number[] | undefined,
  copies: ReadonlyMap<number, readonly number[]>,
): SearchAnswer {
  const scored = scoreAll(parts, wanted);
  const tags = query.capability?.trim() ? parts.tags.match(query.capability) : new Map<number, TagMatch>();
  const share = tags.size === 0 ? 0 : query.text?.trim() ? CAPABILITY_BESIDE : CAPABILITY_ALONE;
  const scores = scored.relevance.map(strength);
  if (share > 0) {
    scores.forEach((score, i) => {
      const match = tags.get(i);
      scores[i] = (1 - share) * score + share * (match ? tagStrength(match) : 0);
    });
  }
  for (const [i, id] of parts.ids.entries()) {
    const delta = query.adjust?.get(id)?.delta;
    if (delta !== undefined) scores[i] = Math.min(1, Math.max(0, scores[i] + delta));
  }
  const members = among && new Set(among);
  const allowed = members ? (i: number) => members.has(i) : (i: number) => parts.standsFor[i] === i;
  const best = topOf(scores, query.limit + 1, allowed);
  const confidence = confidenceOf({
    top: best.length > 0 ? scored.relevance[best[0]] : 0,
    margin: best.length > 1 ? scored.relevance[best[0]] - scored.relevance[best[1]] : 0,
    known: scored.read.known,
  });
  const searched = members?.size ?? parts.ids.length;
  const hits = best.slice(0, query.limit).map((i): SearchHit => {
    const match = tags.get(i);
    const adjustment = query.adjust?.get(parts.ids[i]);
    const explanation = explain(
      i,
      {
        read: scored.read,
        parts: {
          lexical: scored.lexical[i],
          semantic: scored.semantic[i],
          capability: match ? tagStrength(match) : 0,
        },
        ...(match && query.capability !== undefined && { capability: { asked: query.capability, match } }),
        ...(adjustment && { adjustment }),
      },
      parts.index,
    );
    const also = members ? [] : (copies.get(i) ?? []).map((copy) => parts.ids[copy]);
    return { id: parts.ids[i], score: scores[i], explanation, also };
  });
  return { hits, confidence, searched, nearest: hits.length > 0 ? [] : nearest(parts, scores) };
}

function tagStrength({ match, strength: closeness }: TagMatch): number {
  return match === 'exact' ? 1 : FUZZY * closeness;
}

function nearest({ ids, names }: IndexParts, scores: Float32Array): NearHit[] {
  return topOf(scores, 3, () => true).map((i) => ({ id: ids[i], name: names[i], score: scores[i] }));
}

function distribution(parts: IndexParts, text: string, temperature: number): Float32Array {
  const { relevance: values } = scoreAll(parts, text);
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) largest = Math.max(largest, value);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp((values[i] - largest) / temperature);
    sum += values[i];
  }
  return values.map((value) => value / sum);
}
