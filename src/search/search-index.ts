/**
 * Answers questions over what `engine.ts` built.
 *
 *   query → relevance of every definition → score (capability, adjustments) → best, copies left out
 *         → hits with reasons · confidence; nothing where it is too low
 */
import { confidenceOf, type Evidence, evidenceOf } from './calibration.ts';
import type { CloserLook } from './closer-look.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { strength } from './fusion.ts';
import type { NearHit, SearchAnswer, SearchHit, SearchIndex, SearchQuery } from './query.ts';
import { type RelevanceParts, type Scored, scoreAll } from './relevance.ts';
import type { TagMatch, Tags } from './tags.ts';
import { topOf } from './top.ts';

export interface IndexParts extends RelevanceParts {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly tags: Tags;
  /** For each definition the copy that stands for it, itself where there is no other. */
  readonly standsFor: Uint32Array;
  /** Absent where bodies tell enough. */
  readonly closer?: CloserLook;
  /** Told what each confidence was judged by. */
  readonly observe?: (evidence: Evidence) => void;
}

/** Share of the capability in the score: alone, and beside a text. */
const CAPABILITY_ALONE = 0.7;
const CAPABILITY_BESIDE = 0.5;
/** A near tag counts less than half of the same one, so that it never passes it. */
const FUZZY = 0.5;
/** Of answers that hang on a tag: how often the first has what was asked. */
const SAME_TAG = 0.9;
/** Near things named where nothing fits. */
const NEAREST = 3;
const TEMPERATURE = 0.05;
/** Candidates that get a closer look: beyond them the right one is hardly ever found. */
const LOOKED_AT = 40;

export function createSearchIndex(parts: IndexParts): SearchIndex {
  const { ids } = parts;
  const position = new Map(ids.map((id, i) => [id, i]));
  const copies = copiesOf(parts.standsFor);
  return {
    size: ids.length,
    semantic: parts.meaning !== undefined,
    ids,
    search: (query) => {
      const among = query.among?.map((id) => position.get(id)).filter((i) => i !== undefined);
      const wanted = [query.text, query.capability].filter((text) => text?.trim()).join(' ; ');
      return wanted === '' ? listing(parts, query, among) : answer(parts, query, wanted, copies, among);
    },
    distribution: (text, temperature = TEMPERATURE) => softmax(scoreAll(parts, text).relevance, temperature),
  };
}

function copiesOf(standsFor: Uint32Array): Map<number, number[]> {
  const copies = new Map<number, number[]>();
  standsFor.forEach((winner, i) => {
    if (winner !== i) copies.set(winner, [...(copies.get(winner) ?? []), i]);
  });
  return copies;
}

/** Nothing was asked: the definitions in their order, or in the order they were named. */
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

function answer(
  parts: IndexParts,
  query: SearchQuery,
  wanted: string,
  copies: ReadonlyMap<number, readonly number[]>,
  among?: readonly number[],
): SearchAnswer {
  const scored = scoreAll(parts, wanted);
  const tags = query.capability?.trim() ? parts.tags.match(query.capability) : new Map<number, TagMatch>();
  lookCloser(parts, scored, wanted);
  const scores = combine(parts, query, scored, tags);
  const members = among && new Set(among);
  // By words alone, a definition that has none of them is no answer.
  const fits = (i: number): boolean => parts.meaning !== undefined || scored.lexical[i] > 0 || tags.has(i);
  const allowed = (i: number): boolean => (members ? members.has(i) : parts.standsFor[i] === i && fits(i));
  const best = topOf(scores, query.limit, allowed);
  // What history moved must not change whether the text was understood: confidence is that of text alone.
  const judged = query.adjust
    ? topOf(combine(parts, { ...query, adjust: undefined }, scored, tags), query.limit, allowed)
    : best;
  const confidence = judge(parts, scored, judged, tags, allowed);
  const searched = members?.size ?? parts.ids.length;
  if (best.length === 0 || (confidence === 0 && !members)) {
    return {
      hits: [],
      confidence: 0,
      searched,
      nearest: nearest(parts, scores, (i) => parts.standsFor[i] === i),
    };
  }
  const hits = best.map((i): SearchHit => {
    const also = members ? [] : (copies.get(i) ?? []).map((copy) => parts.ids[copy]);
    return new FoundHit(parts.ids[i], scores[i], also, () => reasons(parts, query, scored, tags, i));
  });
  return { hits, confidence, searched, nearest: [] };
}

/** Explains itself when it is asked to: of many candidates few are shown. */
class FoundHit implements SearchHit {
  readonly id: string;
  readonly score: number;
  readonly also: readonly string[];
  readonly #explain: () => Explanation;

  constructor(id: string, score: number, also: readonly string[], explain: () => Explanation) {
    this.id = id;
    this.score = score;
    this.also = also;
    this.#explain = explain;
  }

  get explanation(): Explanation {
    return this.#explain();
  }
}

/** Moves the best of `scored` by how closely their heads meet the question; their mean stays where it was. */
function lookCloser({ closer, withoutBody }: IndexParts, { relevance }: Scored, text: string): void {
  if (!closer) return;
  const best = topOf(relevance, LOOKED_AT, () => true);
  const closeness = closer.closeness(text, best);
  const mean = closeness.reduce((sum, value) => sum + value, 0) / best.length;
  best.forEach((document, i) => {
    relevance[document] += withoutBody * (closeness[i] - mean);
  });
}

function judge(
  { index, withoutBody, observe }: IndexParts,
  scored: Scored,
  best: readonly number[],
  tags: ReadonlyMap<number, TagMatch>,
  allowed: (i: number) => boolean,
): number {
  if (best.length === 0) return 0;
  const evidence = evidenceOf(scored, index, best[0], allowed, 1 - withoutBody);
  observe?.(evidence);
  return Math.max(confidenceOf(evidence), tagConfidence(tags.get(best[0])));
}

/** Scores 0..1 of all definitions: relevance, capability and adjustments. */
function combine(
  { ids, tiers }: IndexParts,
  query: SearchQuery,
  { relevance }: Scored,
  tags: ReadonlyMap<number, TagMatch>,
): Float32Array {
  const share = tags.size === 0 ? 0 : query.text?.trim() ? CAPABILITY_BESIDE : CAPABILITY_ALONE;
  const scores = new Float32Array(tiers.length);
  for (let i = 0; i < scores.length; i++) {
    const score = (1 - share) * strength(relevance[i]) + share * tagStrength(tags.get(i));
    const delta = query.adjust?.get(ids[i])?.delta ?? 0;
    scores[i] = Math.min(1, Math.max(0, score + delta));
  }
  return scores;
}

function reasons(
  parts: IndexParts,
  query: SearchQuery,
  scored: Scored,
  tags: ReadonlyMap<number, TagMatch>,
  i: number,
): Explanation {
  const match = tags.get(i);
  const adjustment = query.adjust?.get(parts.ids[i]);
  return explain(
    i,
    {
      read: scored.read,
      parts: { lexical: scored.lexical[i], semantic: scored.semantic[i], capability: tagStrength(match) },
      capability: match && query.capability !== undefined ? { asked: query.capability, match } : undefined,
      adjustment,
    },
    parts.index,
  );
}

function tagStrength(match: TagMatch | undefined): number {
  if (!match) return 0;
  return match.match === 'exact' ? 1 : FUZZY * match.strength;
}

function tagConfidence(match: TagMatch | undefined): number {
  return match ? SAME_TAG * match.strength ** 2 : 0;
}

function nearest(
  { ids, names }: IndexParts,
  scores: Float32Array,
  allowed: (i: number) => boolean,
): NearHit[] {
  return topOf(scores, NEAREST, allowed).map((i) => ({ id: ids[i], name: names[i], score: scores[i] }));
}

/** Turns numbers into a distribution, in place. */
function softmax(values: Float32Array, temperature: number): Float32Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp((values[i] - largest) / temperature);
    sum += values[i];
  }
  for (let i = 0; i < values.length; i++) values[i] /= sum;
  return values;
}
