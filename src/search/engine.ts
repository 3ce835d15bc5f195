/**
 * One search engine for all kinds of definitions; explained in docs/ranking.md.
 *
 *   documents → analysis  → inverted index ┐
 *             → embedding → int8 vectors   ┴→ SearchIndex
 *   query → capability · lexical · semantic → fusion → copies collapsed → explanation, calibrated confidence
 */
import type { Evidence } from './calibration.ts';
import { type CloserLook, createCloserLook } from './closer-look.ts';
import { createCopies } from './copies.ts';
import { createDeriver, type Derived, type DeriveOptions } from './derive.ts';
import { type Imaged, type IndexImage, imageOf, readImage } from './index-image.ts';
import { createIndexBuilder } from './inverted-index.ts';
import { type ModelTier, tierOf } from './model-hint.ts';
import type { SearchDocument, SearchIndex } from './query.ts';
import { createSearchIndex } from './search-index.ts';
import type { Embedding } from './semantic.ts';
import { createSpelling } from './spelling.ts';
import { trustOf } from './stuffing.ts';
import { createTags } from './tags.ts';
import { createVectorRows } from './vector-rows.ts';

export { type IndexImage, imageTag } from './index-image.ts';
export type {
  SearchAnswer,
  SearchDocument,
  SearchHit,
  SearchIndex,
  SearchQuery,
} from './query.ts';

/** Share of definitions without a body from which on heads are compared word by word. */
const MOSTLY = 0.5;

export interface BuildOptions extends DeriveOptions {
  /** Called every few milliseconds of work, to let others run. */
  readonly yield?: () => Promise<void>;
  /** Told what `readSearchIndex` makes the same index of. */
  readonly keep?: (image: IndexImage) => void;
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
  const derive = createDeriver(options);
  const release = options.embedding?.hold();
  try {
    for await (const document of documents) {
      collector.add(document, await derive(document));
      await pause();
    }
    return await collector.build(pause);
  } finally {
    release?.();
  }
}

/**
 * The index that was kept, without work on its documents.
 * @param documents those it was built of, in the same order
 * @param embedding the one it was built with
 */
export function readSearchIndex(
  image: IndexImage,
  documents: readonly Imaged[],
  embedding: Embedding | undefined,
): SearchIndex {
  return createSearchIndex(readImage(image, documents, embedding));
}

async function lookCloser(
  heads: readonly (readonly [string, string])[],
  embedding: Embedding,
  pause: () => Promise<void>,
): Promise<CloserLook> {
  const builder = createCloserLook(embedding);
  for (const [name, description] of heads) {
    builder.add(name, description);
    await pause();
  }
  return builder.build();
}

interface Collector {
  add(document: SearchDocument, derived: Derived): void;
  build(pause: () => Promise<void>): Promise<SearchIndex>;
}

function createCollector({ embedding, observe, keep }: BuildOptions): Collector {
  const index = createIndexBuilder();
  const spelling = createSpelling();
  const tags = createTags();
  const copies = createCopies();
  const rows = embedding && createVectorRows(embedding.dim);
  const ids: string[] = [];
  const names: string[] = [];
  const tiers: ModelTier[] = [];
  const trust: number[] = [];
  const heads: (readonly [string, string])[] = [];
  let withoutBody = 0;
  return {
    add: (document, { analysis, vector }) => {
      ids.push(document.id);
      names.push(document.name);
      tiers.push(tierOf(document.model));
      if (!analysis.hasBody) withoutBody++;
      heads.push([document.name, document.description]);
      index.add(analysis.terms);
      for (const word of analysis.words) spelling.add(word);
      trust.push(trustOf(analysis.words));
      tags.add(document.capabilities);
      copies.add(document, analysis.sketch);
      if (vector) rows?.push(vector);
    },
    // Each of these takes a while over thousands of documents.
    build: async (pause) => {
      const lexical = await index.build(pause);
      const words = spelling.build();
      await pause();
      const tagged = tags.build();
      await pause();
      const standsFor = copies.build();
      await pause();
      const bodyless = ids.length > 0 ? withoutBody / ids.length : 0;
      const closer = embedding && bodyless > MOSTLY ? await lookCloser(heads, embedding, pause) : undefined;
      heads.length = 0;
      const parts = {
        ids,
        names,
        tiers,
        trust: Float32Array.from(trust),
        index: lexical,
        spelling: words,
        tags: tagged,
        standsFor,
        withoutBody: bodyless,
        ...(closer && { closer }),
        ...(observe && { observe }),
        ...(embedding && rows && { meaning: { embedding, rows: rows.build() } }),
      };
      keep?.(imageOf(parts));
      return createSearchIndex(parts);
    },
  };
}
