/**
 * One search engine for all kinds of definitions; explained in docs/ranking.md.
 *
 *   documents → analyzer → inverted index ┐
 *             → embedding → int8 vectors  ┴→ SearchIndex
 *   query → capability · lexical · semantic → fusion → copies collapsed → explanation, calibrated confidence
 */
import type { SearchDocument, SearchIndex } from './query.ts';
import type { Embedding } from './semantic.ts';
import type { VectorCache } from './vector-cache.ts';

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
  /** Called every few milliseconds of work, to let others run. */
  readonly yield?: () => Promise<void>;
}

/** Builds an index aside; nothing of the documents' bodies is retained. */
export async function buildSearchIndex(
  documents: Iterable<SearchDocument> | AsyncIterable<SearchDocument>,
  options: BuildOptions = {},
): Promise<SearchIndex> {
  void documents;
  void options;
  throw new Error('the engine is being built');
}
