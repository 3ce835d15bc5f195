/**
 * Search indexes kept between starts: while nothing has changed, no definition is read and no word is counted again.
 *
 *   digest of what follows (32 bytes) · what it was made of, and by what (64 bytes) · the index as data
 *
 * Who made it is told by a mark: the digest of a small index over known texts, which differs whenever the analyzer,
 * the weights, the layout or the embedding do. Damaged and foreign files are ignored.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { KindName } from '../protocol/entities.ts';
import { buildSearchIndex, type IndexData, type SearchDocument } from '../search/engine.ts';
import type { Embedding } from '../search/semantic.ts';
import { writeAtomically } from './atomic-file.ts';

export interface KeptIndexes {
  /** @param fingerprint of the documents it must be over */
  read(kind: KindName, fingerprint: string): Promise<IndexData | undefined>;
  write(kind: KindName, fingerprint: string, data: IndexData): Promise<void>;
}

/** Changes whenever an index means something else in a way that the known texts below do not show. */
const FORMAT = 1;
const DIGEST = 32;
const HEAD = DIGEST * 3;

export function keepIndexes(directory: string, embedding: Embedding | undefined): KeptIndexes {
  let mark: Promise<Buffer> | undefined;
  const headOf = async (fingerprint: string): Promise<Buffer> => {
    mark ??= markOf(embedding);
    return Buffer.concat([digest(Buffer.from(fingerprint)), await mark]);
  };
  const fileOf = (kind: KindName): string => join(directory, `index-${kind}.cache`);
  return {
    read: async (kind, fingerprint) => {
      const bytes = await readFile(fileOf(kind)).catch(() => undefined);
      if (!bytes || bytes.length < HEAD) return undefined;
      if (!bytes.subarray(DIGEST, HEAD).equals(await headOf(fingerprint))) return undefined;
      if (!bytes.subarray(0, DIGEST).equals(digest(bytes.subarray(DIGEST)))) return undefined;
      // Written by `write` below, as the digest shows.
      return deserialize(bytes.subarray(HEAD)) as IndexData;
    },
    write: async (kind, fingerprint, data) => {
      const head = await headOf(fingerprint);
      const body = serialize(data);
      await writeAtomically(fileOf(kind), [digest(head, body), head, body]);
    },
  };
}

function digest(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const known: readonly Pick<SearchDocument, 'name' | 'description' | 'capabilities' | 'body'>[] = [
  {
    name: 'reactPerformance-specialist',
    description:
      'Masters re-rendering, memoization and bundle sizes; use it proactively for C++, C# and .NET, k8s.',
    capabilities: ['react', 'Code Review', 'web-performance'],
    body: '# How it works\n\nProfiling runs before optimizing: the slowest components were measured, relational databases indexed.\n\n## Useful\n\n- studies, happily agreed\n- nationalization of operators',
  },
  {
    name: 'données/перевод',
    description: '负责前端界面的专家。 Переводит документы и тексты. Prüft Übersetzungen.',
    capabilities: [],
    body: 'テストを書く人。',
  },
];

async function markOf(embedding: Embedding | undefined): Promise<Buffer> {
  const documents = known.map((document, i) => ({
    ...document,
    id: `x:${i}`,
    contentHash: `${i}`,
    precedence: i,
  }));
  let made: IndexData | undefined;
  await buildSearchIndex(documents, {
    ...(embedding && { embedding }),
    keep: (data) => {
      made = data;
    },
  });
  return digest(Buffer.from(`${FORMAT} ${embedding?.model ?? 'words'} ${process.version}`), serialize(made));
}
