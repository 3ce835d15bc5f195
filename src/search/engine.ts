/**
 * One search engine for all kinds of definitions; explained in docs/ranking.md.
 *
 *   documents → analyzer → inverted index ┐
 *             → embedding → int8 vectors  ┴→ SearchIndex
 *   query → capability · lexical · semantic → fusion → copies collapsed → explanation, calibrated confidence
 */
import { tokenize } from './analyzer.ts';
import type { Evidence } from './calibration.ts';
import { createCopies } from './copies.ts';
import { definitionRow } from './definition-vector.ts';
import { createIndexBuilder, type InvertedIndex } from './inverted-index.ts';
import { type ModelTier, tierOf } from './model-hint.ts';
import type { SearchDocument, SearchIndex } from './query.ts';
import { createSearchIndex, type IndexParts } from './search-index.ts';
import type { Embedding } from './semantic.ts';
import { createSpelling, type SpellingData, spellingOf } from './spelling.ts';
import { createTags, type TagsData, tagsOf } from './tags.ts';
import { createDictionary, type DictionaryData } from './term-dictionary.ts';
import type { VectorCache } from './vector-cache.ts';
import { createVectorRows, type RowsData, rowsOf } from './vector-rows.ts';

export type {
  Adjustment,
  NearHit,
  SearchAnswer,
  SearchDocument,
  SearchHit,
  SearchIndex,
  SearchQuery,
} from './query.ts';

export interface BuildOptions {
  /** Absent: everything works, lexically. */
  readonly embedding?: Embedding;
  /** Vectors of unchanged documents are taken from here, new ones are put in. */
  readonly vectors?: VectorCache;
  /** Handed the index as data, for `restoreSearchIndex`. */
  readonly keep?: (data: IndexData) => void;
  /** Called every few milliseconds of work, to let others run. */
  readonly yield?: () => Promise<void>;
  /** For measuring: told what each answer's confidence was judged by. */
  readonly observe?: (evidence: Evidence) => void;
}

/** Builds an index aside; nothing of the documents' bodies is retained. */
export async function buildSearchIndex(
  documents: Iterable<SearchDocument> | AsyncIterable<SearchDocument>,
  options: BuildOptions = {},
): Promise<SearchIndex> {
  const pause = options.yield ?? (async () => undefined);
  const collector = createCollector(options);
  try {
    for await (const document of documents) {
      collector.add(document);
      await pause();
    }
    return await collector.build(pause);
  } finally {
    collector.release();
  }
}

interface Collector {
  add(document: SearchDocument): void;
  release(): void;
  build(pause: () => Promise<void>): Promise<SearchIndex>;
}

function createCollector({ embedding, vectors, observe, keep }: BuildOptions): Collector {
  const release = embedding?.hold();
  const index = createIndexBuilder();
  const spelling = createSpelling();
  const tags = createTags();
  const copies = createCopies();
  const rows = embedding && createVectorRows(embedding.dim);
  const ids: string[] = [];
  const names: string[] = [];
  const tiers: ModelTier[] = [];
  let withoutBody = 0;
  return {
    add: (document) => {
      ids.push(document.id);
      names.push(document.name);
      tiers.push(tierOf(document.model));
      if (document.body.trim() === '') withoutBody++;
      index.add({ ...document, plugin: document.plugin ?? '' });
      for (const { word } of tokenize(headOf(document))) spelling.add(word);
      tags.add(document.capabilities);
      copies.add(document);
      if (embedding) rows?.push(definitionRow(document, embedding, vectors));
    },
    release: () => release?.(),
    // Each of these takes a while over thousands of documents.
    build: async (pause) => {
      const lexical = await index.build(pause);
      const words = spelling.build();
      await pause();
      const tagged = tags.build();
      await pause();
      const standsFor = copies.build();
      await pause();
      const parts: IndexParts = {
        ids,
        names,
        tiers,
        index: lexical,
        spelling: words,
        tags: tagged,
        standsFor,
        withoutBody: ids.length > 0 ? withoutBody / ids.length : 0,
        ...(observe && { observe }),
        ...(embedding && rows && { meaning: { embedding, rows: rows.build() } }),
      };
      keep?.(dataOf(parts));
      return createSearchIndex(parts);
    },
  };
}

/**
 * All of an index but the names of its documents, as arrays: what may be kept between starts. Only an index over the
 * same documents, made by the same program with the same embedding, may be restored from it.
 */
export interface IndexData {
  readonly index: Omit<InvertedIndex, 'dictionary'>;
  readonly terms: DictionaryData;
  readonly spelling: SpellingData;
  readonly tags: TagsData;
  readonly standsFor: Uint32Array;
  readonly withoutBody: number;
  readonly rows?: RowsData;
}

function dataOf({ index, spelling, tags, standsFor, withoutBody, meaning }: IndexParts): IndexData {
  const { dictionary, ...arrays } = index;
  return {
    index: arrays,
    terms: dictionary.data(),
    spelling: spelling.data,
    tags: tags.data,
    standsFor,
    withoutBody,
    ...(meaning && { rows: meaning.rows.data }),
  };
}

/** The index that `data` was taken from. @param documents the same ones, in the same order */
export function restoreSearchIndex(
  documents: readonly Pick<SearchDocument, 'id' | 'name' | 'model'>[],
  data: IndexData,
  embedding?: Embedding,
): SearchIndex {
  const { index, terms, spelling, tags, standsFor, withoutBody, rows } = data;
  return createSearchIndex({
    ids: documents.map(({ id }) => id),
    names: documents.map(({ name }) => name),
    tiers: documents.map(({ model }) => tierOf(model)),
    index: { ...index, dictionary: createDictionary(terms) },
    spelling: spellingOf(spelling),
    tags: tagsOf(tags),
    standsFor,
    withoutBody,
    ...(embedding && rows && { meaning: { embedding, rows: rowsOf(rows, embedding.dim) } }),
  });
}

function headOf({ name, description, capabilities }: SearchDocument): string {
  return `${name} ; ${description} ; ${capabilities.join(' ; ')}`;
}
