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
import { parseFrontmatter } from './frontmatter.ts';
import { kindOrder } from './names.ts';
import { readText } from './read-text.ts';

export interface SearchIndexesOptions {
  readonly embedding?: Embedding;
  /** Where vectors are kept between starts. */
  readonly vectorFile?: string | undefined;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void };
}

export interface SearchIndexesInput {
  /** Content hash → body, as far as they were just read. */
  readonly bodies: ReadonlyMap<string, string>;
  readonly realRoots: readonly string[];
  readonly pause: () => Promise<void>;
}

export type IndexByKind = Readonly<Partial<Record<KindName, SearchIndex>>>;

export interface SearchIndexes {
  build(
    entries: Readonly<Record<KindName, readonly Entry[]>>,
    input: SearchIndexesInput,
  ): Promise<IndexByKind>;
}

export function createSearchIndexes(options: SearchIndexesOptions): SearchIndexes {
  const last = new Map<KindName, { fingerprint: string; index: SearchIndex }>();
  return {
    build: async (entries, input) => {
      const stale = kindOrder.filter((kind) => last.get(kind)?.fingerprint !== fingerprint(entries[kind]));
      const vectors = stale.length > 0 ? await openVectors(options) : undefined;
      for (const kind of stale) {
        const documents = documentsOf(entries[kind], input);
        const index = await buildSearchIndex(documents, {
          ...(options.embedding && { embedding: options.embedding }),
          ...(vectors && { vectors: vectors.cache }),
          yield: input.pause,
        });
        last.set(kind, { fingerprint: fingerprint(entries[kind]), index });
      }
      if (vectors) await saveVectors(vectors, options);
      return Object.fromEntries([...last].map(([kind, { index }]) => [kind, index]));
    },
  };
}

function fingerprint(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(`${entry.id}\0${documentHash(entry)}\0${entry.path}\n`);
  return hash.digest('hex');
}

/** The registry adds tags to an agent without its file changing: its vectors must not be the old ones. */
function documentHash({ contentHash, capabilities }: Entry): string {
  return createHash('sha256').update(contentHash).update(capabilities.join('\0')).digest('hex').slice(0, 32);
}

/** Documents in order of precedence, bodies one at a time. */
async function* documentsOf(
  entries: readonly Entry[],
  input: SearchIndexesInput,
): AsyncGenerator<SearchDocument> {
  for (const entry of entries) {
    const { id, name, description, capabilities, plugin, precedence, model } = entry;
    yield {
      id,
      name,
      description,
      capabilities,
      body: input.bodies.get(entry.contentHash) ?? (await readBody(entry, input.realRoots)),
      contentHash: documentHash(entry),
      precedence,
      ...(plugin !== undefined && { plugin }),
      ...(model !== undefined && { model }),
    };
  }
}

async function readBody(entry: Entry, realRoots: readonly string[]): Promise<string> {
  const { text = '' } = await readText(join(entry.root, entry.path), realRoots);
  return /\.m?js$/i.test(entry.path) ? text : parseFrontmatter(text).body;
}

interface OpenVectors {
  readonly cache: VectorCache;
  readonly file: string;
  readonly sizeBefore: number;
}

async function openVectors({
  embedding,
  vectorFile,
}: SearchIndexesOptions): Promise<OpenVectors | undefined> {
  if (!embedding || vectorFile === undefined) return undefined;
  const bytes = await readFile(vectorFile).catch(() => undefined);
  const cache = bytes ? readVectorCache(bytes, embedding.model) : createVectorCache(embedding.model);
  return { cache, file: vectorFile, sizeBefore: cache.size };
}

async function saveVectors(
  { cache, file, sizeBefore }: OpenVectors,
  { log }: SearchIndexesOptions,
): Promise<void> {
  if (cache.size === sizeBefore) return;
  await writeAtomically(file, cache.serialise()).catch((error: unknown) => {
    log?.warn('the vectors could not be kept', { error: String(error) });
  });
}
