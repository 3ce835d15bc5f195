/**
 * An index as arrays alone, so that it can be kept and read again without its documents' texts.
 *
 *   IndexParts ─► imageOf ─► arrays by name ─► (kept) ─► readImage ─► IndexParts
 */
import { ANALYSIS } from './analysis.ts';
import { type CloserLookArrays, readCloserLook } from './closer-look.ts';
import { vectorTag } from './definition-vector.ts';
import { fieldWeights, type InvertedIndex } from './inverted-index.ts';
import { tierOf } from './model-hint.ts';
import type { SearchDocument } from './query.ts';
import type { IndexParts } from './search-index.ts';
import type { Embedding } from './semantic.ts';
import { readSpelling, type SpellingArrays } from './spelling.ts';
import { readTags, type TagsArrays } from './tags.ts';
import { type DictionaryArrays, readDictionary } from './term-dictionary.ts';
import { readVectorRows, type VectorRowsArrays } from './vector-rows.ts';

export type ImageArray = Uint8Array | Int8Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Arrays by name, `part.array`. */
export type IndexImage = Readonly<Record<string, ImageArray>>;

/** Another number whenever the same documents come to other arrays. */
const IMAGE = 'index-1';

/** Names the recipe with all that goes into it: an image made by another one is not read any more. */
export function imageTag(embedding: Embedding | undefined): string {
  const meaning = embedding ? vectorTag(embedding) : 'words alone';
  return [IMAGE, ANALYSIS, JSON.stringify(fieldWeights), meaning].join(' ');
}

export function imageOf(parts: IndexParts): IndexImage {
  const { dictionary, documents: _, ...index } = parts.index;
  return {
    ...part('terms', dictionary.arrays()),
    ...part('index', index),
    ...part('spelling', parts.spelling.arrays),
    ...part('tags', parts.tags.arrays),
    ...part('all', {
      standsFor: parts.standsFor,
      trust: parts.trust,
      withoutBody: Float64Array.of(parts.withoutBody),
    }),
    ...(parts.meaning && part('vectors', parts.meaning.rows.arrays)),
    ...(parts.closer && part('closer', parts.closer.arrays)),
  };
}

/** What an image cannot tell of a document. */
export type Imaged = Pick<SearchDocument, 'id' | 'name' | 'model'>;

/**
 * @param documents those the image was made of, in the same order
 * @param embedding the one it was made with
 */
export function readImage(
  image: IndexImage,
  documents: readonly Imaged[],
  embedding: Embedding | undefined,
): IndexParts {
  const { standsFor, trust, withoutBody } = arraysOf<All>(image, 'all');
  const closer = arraysOf<CloserLookArrays>(image, 'closer');
  const vectors = arraysOf<VectorRowsArrays>(image, 'vectors');
  return {
    ids: documents.map(({ id }) => id),
    names: documents.map(({ name }) => name),
    tiers: documents.map(({ model }) => tierOf(model)),
    index: {
      ...arraysOf<Omit<InvertedIndex, 'dictionary' | 'documents'>>(image, 'index'),
      dictionary: readDictionary(arraysOf<DictionaryArrays>(image, 'terms')),
      documents: documents.length,
    },
    spelling: readSpelling(arraysOf<SpellingArrays>(image, 'spelling')),
    tags: readTags(arraysOf<TagsArrays>(image, 'tags')),
    standsFor,
    trust,
    withoutBody: withoutBody[0],
    ...(embedding &&
      vectors.values && { meaning: { embedding, rows: readVectorRows(vectors, embedding.dim) } }),
    ...(embedding && closer.rows && { closer: readCloserLook(closer, embedding) }),
  };
}

interface All {
  readonly standsFor: Uint32Array;
  readonly trust: Float32Array;
  readonly withoutBody: Float64Array;
}

/** @param arrays an object of nothing but arrays */
function part(name: string, arrays: object): IndexImage {
  const own: [string, ImageArray][] = Object.entries(arrays);
  return Object.fromEntries(own.map(([key, array]) => [`${name}.${key}`, array]));
}

/** The arrays of one part; those that are not there are undefined. */
function arraysOf<T>(image: IndexImage, name: string): T {
  const own = Object.entries(image).filter(([key]) => key.startsWith(`${name}.`));
  return Object.fromEntries(own.map(([key, array]) => [key.slice(name.length + 1), array])) as T;
}
