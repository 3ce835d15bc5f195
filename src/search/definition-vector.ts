/**
 * The vector that stands for a definition: what it says of itself, and what its body is about, in equal parts.
 *
 *   ½ · unit("name: description") + ½ · mean of the unit vectors of the body's passages
 *
 * Its dot product with a query's unit vector is the mean of the query's cosine with the first and its similarity
 * with the second, so that one row holds both.
 */
import { passagesOf } from './passages.ts';
import type { SearchDocument } from './query.ts';
import type { Embedding } from './semantic.ts';
import type { VectorCache } from './vector-cache.ts';
import { quantise } from './vector-rows.ts';

/** Part of the key of kept vectors: another recipe, another number. */
const RECIPE = 1;

/** Row of a document as `quantise` gives it, from the cache where it is there. */
export function definitionRow(
  document: SearchDocument,
  embedding: Embedding,
  cache?: VectorCache,
): Int8Array {
  if (!cache) return quantise(definitionVector(document, embedding));
  const key = cacheKey(`${RECIPE}\0${document.name}\0${document.contentHash}`);
  const kept = cache.get(key);
  if (kept) return kept;
  const row = quantise(definitionVector(document, embedding));
  cache.put(key, row);
  return row;
}

function definitionVector({ name, description, body }: SearchDocument, embedding: Embedding): Float32Array {
  const vector = embedding.embed(`${name}: ${description}`);
  const passages = passagesOf(body);
  for (let i = 0; i < vector.length; i++) vector[i] *= 0.5;
  for (const passage of passages) {
    const part = embedding.embed(passage);
    for (let i = 0; i < vector.length; i++) vector[i] += (0.5 * part[i]) / passages.length;
  }
  return vector;
}

/** 32 hex digits: FNV-1a from four starting points. The hash it is given is already well mixed. */
function cacheKey(text: string): string {
  let key = '';
  for (const start of [0x811c9dc5, 0x01234567, 0x89abcdef, 0x5bd1e995]) {
    let hash = start;
    for (let i = 0; i < text.length; i++)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193 + (start & 0xfe));
    key += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return key;
}
