/**
 * What the engine derives from one document's texts: its analysis and its vector.
 *
 *   document → content hash → kept? ── yes ──► analysis, vector
 *                               └ no: read the body, analyse, embed, keep ┘
 *
 * The body is asked for only where one of the two is not kept.
 */
import { type Analysis, createAnalyst, readAnalysis } from './analysis.ts';
import { definitionVector } from './definition-vector.ts';
import type { SearchDocument } from './query.ts';
import type { RowCache } from './row-cache.ts';
import type { Embedding } from './semantic.ts';
import { quantise } from './vector-rows.ts';

export interface Derived {
  readonly analysis: Analysis;
  /** As `quantise` gives it; absent without an embedding. */
  readonly vector?: Int8Array;
}

export interface DeriveOptions {
  /** Absent: everything works, lexically. */
  readonly embedding?: Embedding;
  /** Vectors of unchanged documents are taken from here, new ones are put in. */
  readonly vectors?: RowCache;
  /** The same for their analyses. */
  readonly analyses?: RowCache;
}

export function createDeriver({ embedding, vectors, analyses }: DeriveOptions) {
  let analyse: ReturnType<typeof createAnalyst> | undefined;
  return async (document: SearchDocument): Promise<Derived> => {
    const key = document.contentHash;
    let row = analyses?.get(key);
    let vector = embedding && vectors?.get(key);
    const body = row && (vector || !embedding) ? '' : await readBody(document);
    if (!row) {
      analyse ??= createAnalyst();
      row = analyse(document, body);
      analyses?.put(key, row);
    }
    if (embedding && !vector) {
      vector = bytesOf(quantise(definitionVector(document, body, embedding)));
      vectors?.put(key, vector);
    }
    return { analysis: readAnalysis(row), ...(vector && { vector: rowOf(vector) }) };
  };
}

async function readBody({ body }: SearchDocument): Promise<string> {
  return typeof body === 'string' ? body : body();
}

function bytesOf(row: Int8Array): Uint8Array {
  return new Uint8Array(row.buffer, row.byteOffset, row.length);
}

function rowOf(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
