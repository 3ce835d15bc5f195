/** The engine's index for each kind; one whose documents have not changed is taken over from the run before. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindName } from '../protocol/entities.ts';
import { buildSearchIndex, type SearchDocument, type SearchIndex } from '../search/engine.ts';
import type { Embedding } from '../search/semantic.ts';
import { createVectorCache, readVectorCache, type VectorCache } from '../search/vector-cache.ts';
import { writeAtomically } from './atomic-file.ts';
import type { Entry } from './entry.ts';
import { kindOrder } from './names.ts';

export interface SearchIndexesOptions {
  readonly embedding?: Embedding;
  /** Folder where vectors are kept between starts; absent: nothing is kept. */
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
        const vectors = await openVectors(kind, options);
        const index = await buildSearchIndex(documentsOf(entries[kind], hashes, input), {
          ...(options.embedding && { embedding: options.embedding }),
          ...(vectors && { vectors: vectors.cache }),
          yield: input.pause,
        });
        last.set(kind, { fingerprint, index });
        if (vectors) await saveVectors(vectors, options);
      }
      return Object.fromEntries([...last].map(([kind, { index }]) => [kind, index]));
    },
  };
}

/** The registry adds tags to an agent without its file changing: its vectors must not be the old ones. */
async function documentHashes(entries: readonly Entry[], pause: () => Promise<void>): Promise<string[]> {
  const hashes: string[] = [];
  for (const { contentHash, capabilities } of entries) {
    const hash = createHash('sha256').update(contentHash).update(capabilities.join('\0'));
    hashes.push(hash.digest('hex').slice(0, 32));
    await pause();
  }
  return hashes;
}

function fingerprintOf(entries: readonly Entry[], hashes: readonly string[]): string {
  const lines = entries.map(({ id, path }, i) => `${id}\0${hashes[i]}\0${path}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Bodies on their way while one document is worked on. */
const AHEAD = 16;

/** Documents in order of precedence. */
async function* documentsOf(
  entries: readonly Entry[],
  hashes: readonly string[],
  { bodyOf }: SearchIndexesInput,
): AsyncGenerator<SearchDocument> {
  const bodies: Promise<string>[] = [];
  for (const [i, entry] of entries.entries()) {
    while (bodies.length < Math.min(i + AHEAD, entries.length)) {
      bodies.push(bodyOf(entries[bodies.length].contentHash));
    }
    const { id, name, description, capabilities, plugin, precedence, model } = entry;
    yield {
      id,
      name,
      description,
      capabilities,
      body: await bodies[i],
      contentHash: hashes[i],
      precedence,
      ...(plugin !== undefined && { plugin }),
      ...(model !== undefined && { model }),
    };
    delete bodies[i];
  }
}

interface OpenVectors {
  readonly cache: VectorCache;
  readonly file: string;
  readonly sizeBefore: number;
}

/** A file for each kind, for a kind is rebuilt alone and leaves behind what it did not use. */
async function openVectors(
  kind: KindName,
  { embedding, cacheDirectory }: SearchIndexesOptions,
): Promise<OpenVectors | undefined> {
  if (!embedding || cacheDirectory === undefined) return undefined;
  const file = join(cacheDirectory, `vectors-${kind}.cache`);
  const bytes = await readFile(file).catch(() => undefined);
  const cache = bytes ? readVectorCache(bytes, embedding.model) : createVectorCache(embedding.model);
  return { cache, file, sizeBefore: cache.size };
}

async function saveVectors(
  { cache, file, sizeBefore }: OpenVectors,
  { log }: SearchIndexesOptions,
): Promise<void> {
  if (cache.size === sizeBefore) return;
  await writeAtomically(file, [cache.serialise()]).catch((error: unknown) => {
    log?.warn('the vectors could not be kept', { error: String(error) });
  });
}
