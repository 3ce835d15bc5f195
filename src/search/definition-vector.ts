/**
 * The vector that stands for a definition: what it says of itself, and what its body is about, in equal parts.
 *
 *   ½ · unit("name: description") + ½ · mean of the unit vectors of the body's passages
 *
 * Its dot product with a query's unit vector is the mean of the query's similarities to both, so that one row holds
 * both. Without a body the description stands for the whole.
 */
import { passagesOf } from './passages.ts';
import type { SearchDocument } from './query.ts';
import type { Embedding } from './semantic.ts';
import type { VectorCache } from './vector-cache.ts';
import { quantise } from './vector-rows.ts';
import { definitionWeights } from './word-weights.ts';

/** Part of the key of kept vectors: another recipe, another number. */
const RECIPE = 1;

/** Row of a document as `quantise` gives it, from the cache where it is there. */
export function definitionRow(
  document: SearchDocument,
  embedding: Embedding,
  cache?: VectorCache,
): Int8Array {
  if (!cache) return quantise(definitionVector(document, embedding));
  const key = cacheKey(`${RECIPE}\0${document.name}\0${document.description}\0${document.contentHash}`);
  const kept = cache.get(key);
  if (kept) return kept;
  const row = quantise(definitionVector(document, embedding));
  cache.put(key, row);
  return row;
}

function definitionVector({ name, description, body }: SearchDocument, embedding: Embedding): Float32Array {
  const vector = embedding.embed(`${name}: ${description}`, definitionWeights(name));
  const passages = passagesOf(body)
    .map((passage) => embedding.embed(passage, definitionWeights()))
    .filter((passage) => passage.some((value) => value !== 0));
  if (passages.length === 0) return vector;
  for (let i = 0; i < vector.length; i++) {
    let sum = 0;
    for (const passage of passages) sum += passage[i];
    vector[i] = 0.5 * vector[i] + (0.5 * sum) / passages.length;
  }
  return vector;
}

/** 32 hex digits: FNV-1a from four starting points. The hash it is given is already well mixed. */
function cacheKey(text: string): string {
  return [0x811c9dc5, 0x01234567, 0x89abcdef, 0x5bd1e995].map((start) => hexHash(text, start)).join('');
}

function hexHash(text: string, start: number): string {
  let hash = start;
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193 + (start & 0xfe));
  return (hash >>> 0).toString(16).padStart(8, '0');
}
