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
import { createIndexBuilder } from './inverted-index.ts';
import { type ModelTier, tierOf } from './model-hint.ts';
import type { SearchDocument, SearchIndex } from './query.ts';
import { createSearchIndex } from './search-index.ts';
import type { Embedding } from './semantic.ts';
import { createSpelling } from './spelling.ts';
import { createTags } from './tags.ts';
import type { VectorCache } from './vector-cache.ts';
import { createVectorRows } from './vector-rows.ts';

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
  } finally {
    collector.release();
  }
  return collector.build();
}

interface Collector {
  add(document: SearchDocument): void;
  release(): void;
  build(): SearchIndex;
}

function createCollector({ embedding, vectors, observe }: BuildOptions): Collector {
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
    build: () =>
      createSearchIndex({
        ids,
        names,
        tiers,
        index: index.build(),
        spelling: spelling.build(),
        tags: tags.build(),
        standsFor: copies.build(),
        withoutBody: ids.length > 0 ? withoutBody / ids.length : 0,
        ...(observe && { observe }),
        ...(embedding && rows && { meaning: { embedding, rows: rows.build() } }),
      }),
  };
}

function headOf({ name, description, capabilities }: SearchDocument): string {
  return `${name} ; ${description} ; ${capabilities.join(' ; ')}`;
}
