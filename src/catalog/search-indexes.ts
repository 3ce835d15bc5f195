/** The engine's index for each kind; one whose documents have not changed is taken over from the run before. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindName } from '../protocol/entities.ts';
import { ANALYSIS } from '../search/analysis.ts';
import { vectorTag } from '../search/definition-vector.ts';
import { buildSearchIndex, type SearchDocument, type SearchIndex } from '../search/engine.ts';
import { createRowCache, type RowCache, readRowCache } from '../search/row-cache.ts';
import type { Embedding } from '../search/semantic.ts';
import { writeAtomically } from './atomic-file.ts';
import type { Entry } from './entry.ts';
import { kindOrder } from './names.ts';

export interface SearchIndexesOptions {
  readonly embedding?: Embedding;
  /** Folder where vectors and analyses are kept; absent: nothing is kept. */
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
        const hashes = await documentHashes(entries[kind], input.pause);
        const fingerprint = fingerprintOf(entries[kind], hashes);
        if (last.get(kind)?.fingerprint === fingerprint) continue;
        const kept = await openKept(kind, options);
        const index = await buildSearchIndex(documentsOf(entries[kind], hashes, input), {
          ...(options.embedding && { embedding: options.embedding }),
          ...(kept.vectors && { vectors: kept.vectors.rows }),
          ...(kept.analyses && { analyses: kept.analyses.rows }),
          yield: input.pause,
        });
        last.set(kind, { fingerprint, index });
        await save(kept.analyses, options);
        await save(kept.vectors, options);
      }
      return Object.fromEntries([...last].map(([kind, { index }]) => [kind, index]));
    },
  };
}

/** Of all that a document says: the registry adds tags to an agent without its file changing. */
async function documentHashes(entries: readonly Entry[], pause: () => Promise<void>): Promise<string[]> {
  const hashes: string[] = [];
  for (const { contentHash, name, plugin = '', description, capabilities } of entries) {
    const said = [contentHash, name, plugin, description, ...capabilities].join('\0');
    hashes.push(createHash('sha256').update(said).digest('hex').slice(0, 32));
    await pause();
  }
  return hashes;
}

function fingerprintOf(entries: readonly Entry[], hashes: readonly string[]): string {
  const lines = entries.map(({ id, path }, i) => `${id}\0${hashes[i]}\0${path}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Documents in order of precedence. */
function* documentsOf(
  entries: readonly Entry[],
  hashes: readonly string[],
  { bodyOf }: SearchIndexesInput,
): Generator<SearchDocument> {
  for (const [i, entry] of entries.entries()) {
    const { id, name, description, capabilities, plugin, precedence, model, contentHash } = entry;
    yield {
      id,
      name,
      description,
      capabilities,
      body: () => bodyOf(contentHash),
      contentHash: hashes[i],
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
