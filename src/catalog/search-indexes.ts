/**
 * The engine's index for each kind.
 *
 *   unchanged since the run before ─► taken over
 *   first run: kept by a start before, of the same documents ─► read (index-file.ts)
 *   else ─► built of what is kept of each document; after the first run also kept whole
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindName } from '../protocol/entities.ts';
import { ANALYSIS } from '../search/analysis.ts';
import { vectorTag } from '../search/definition-vector.ts';
import {
  buildSearchIndex,
  type IndexImage,
  imageTag,
  readSearchIndex,
  type SearchDocument,
  type SearchIndex,
} from '../search/engine.ts';
import { createRowCache, type RowCache, readRowCache } from '../search/row-cache.ts';
import type { Embedding } from '../search/semantic.ts';
import { writeAtomically } from './atomic-file.ts';
import type { Entry } from './entry.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import { kindOrder } from './names.ts';

export interface SearchIndexesOptions {
  readonly embedding?: Embedding;
  /** Folder where indexes, vectors and analyses are kept; absent: nothing is kept. */
  readonly cacheDirectory?: string;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void };
}

export interface SearchIndexesInput {
  /** The body of a definition by its content hash. */
  readonly bodyOf: (contentHash: string) => Promise<string>;
  readonly pause: () => Promise<void>;
}

export type IndexByKind = Readonly<Partial<Record<KindName, SearchIndex>>>;

export interface SearchIndexes {
  build(
    entries: Readonly<Record<KindName, readonly Entry[]>>,
    input: SearchIndexesInput,
  ): Promise<IndexByKind>;
}

/** An index and what it was made of. */
interface Built {
  readonly fingerprint: string;
  readonly index: SearchIndex;
}

export function createSearchIndexes(options: SearchIndexesOptions): SearchIndexes {
  const last = new Map<KindName, Built>();
  return {
    build: async (entries, input) => {
      for (const kind of kindOrder) {
        const { bodyOf, pause } = input;
        const made: Made = { kind, entries: entries[kind], bodyOf, pause };
        const fingerprint = await fingerprintOf(made.entries, options.embedding, pause);
        const before = last.get(kind);
        if (before?.fingerprint === fingerprint) continue;
        const index = before ? await rebuild(made, options) : await firstIndex(made, fingerprint, options);
        last.set(kind, { fingerprint, index });
      }
      return Object.fromEntries([...last].map(([kind, { index }]) => [kind, index]));
    },
  };
}

/** What an index is made of. */
interface Made extends SearchIndexesInput {
  readonly kind: KindName;
  /** In order of precedence. */
  readonly entries: readonly Entry[];
}

/** Read where it was kept. A later one is not kept: a large file would be written for every change of a small one. */
async function firstIndex(
  made: Made,
  fingerprint: string,
  options: SearchIndexesOptions,
): Promise<SearchIndex> {
  const { cacheDirectory, embedding, log } = options;
  if (cacheDirectory === undefined) return rebuild(made, options);
  const file = join(cacheDirectory, `index-${made.kind}.cache`);
  const kept = await readIndexFile(file, fingerprint, made.pause);
  if (kept) return readSearchIndex(kept, made.entries, embedding);
  let image: IndexImage = {};
  const index = await rebuild(made, options, (built) => {
    image = built;
  });
  await writeIndexFile(file, fingerprint, image, made.pause).catch((error: unknown) => {
    log?.warn('the search index could not be kept', { error: String(error) });
  });
  return index;
}

async function rebuild(
  made: Made,
  options: SearchIndexesOptions,
  keep?: (image: IndexImage) => void,
): Promise<SearchIndex> {
  const kept = await openKept(made.kind, options);
  const index = await buildSearchIndex(documentsOf(made), {
    ...(options.embedding && { embedding: options.embedding }),
    ...(kept.vectors && { vectors: kept.vectors.rows }),
    ...(kept.analyses && { analyses: kept.analyses.rows }),
    ...(keep && { keep }),
    yield: made.pause,
  });
  await save(kept.analyses, options);
  await save(kept.vectors, options);
  return index;
}

/** Of all that the index is made of: documents in their order, and the recipe. */
async function fingerprintOf(
  entries: readonly Entry[],
  embedding: Embedding | undefined,
  pause: () => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(imageTag(embedding));
  for (const entry of entries) {
    hash.update(`\n${entry.id}\0${entry.path}\0${said(entry)}`);
    await pause();
  }
  return hash.digest('hex');
}

/** All that a document says: the registry adds tags to an agent without its file changing. */
function said({ contentHash, name, plugin = '', description, capabilities }: Entry): string {
  return [contentHash, name, plugin, description, ...capabilities].join('\0');
}

function* documentsOf({ entries, bodyOf }: Made): Generator<SearchDocument> {
  for (const entry of entries) {
    const { id, name, description, capabilities, plugin, precedence, model, contentHash } = entry;
    yield {
      id,
      name,
      description,
      capabilities,
      body: () => bodyOf(contentHash),
      contentHash: createHash('sha256').update(said(entry)).digest('hex').slice(0, 32),
      precedence,
      ...(plugin !== undefined && { plugin }),
      ...(model !== undefined && { model }),
    };
  }
}

interface KeptRows {
  readonly file: string;
  readonly rows: RowCache;
}

interface Kept {
  readonly vectors?: KeptRows;
  readonly analyses?: KeptRows;
}

/** Files for each kind, for a kind is rebuilt alone and leaves behind what it did not use. */
async function openKept(kind: KindName, { embedding, cacheDirectory }: SearchIndexesOptions): Promise<Kept> {
  if (cacheDirectory === undefined) return {};
  const open = async (name: string, tag: string): Promise<KeptRows> => {
    const file = join(cacheDirectory, `${name}-${kind}.cache`);
    const bytes = await readFile(file).catch(() => undefined);
    return { file, rows: bytes ? readRowCache(bytes, tag) : createRowCache(tag) };
  };
  return {
    analyses: await open('analyses', ANALYSIS),
    ...(embedding && { vectors: await open('vectors', vectorTag(embedding)) }),
  };
}

async function save(kept: KeptRows | undefined, { log }: SearchIndexesOptions): Promise<void> {
  if (!kept?.rows.changed) return;
  await writeAtomically(kept.file, [kept.rows.serialise()]).catch((error: unknown) => {
    log?.warn('what was derived from the definitions could not be kept', { error: String(error) });
  });
}
