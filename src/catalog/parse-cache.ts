/**
 * What files came to, kept between runs: a file whose size and time have not changed is not read again.
 *
 *   "callsheet-catalogue <version>" · one JSON line a file · digest of all before
 *
 * Kept on disk where there is a folder for it, else as bytes outside the heap. Damaged or foreign bytes are
 * ignored: then everything is parsed again.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeAtomically } from './atomic-file.ts';
import type { ParsedFile, SourceFile } from './parse.ts';

/** Changes whenever the parser would make something else of the same bytes. */
const FORMAT = 'callsheet-catalogue 3';

export interface CachedFile {
  readonly size: number;
  readonly changedMs: number;
  readonly parsed: ParsedFile;
}

export interface ParseCache {
  load(pause: () => Promise<void>): Promise<ReadonlyMap<string, CachedFile>>;
  save(files: ReadonlyMap<string, CachedFile>, pause: () => Promise<void>): Promise<void>;
}

/** Under which a file is kept: what it is parsed as is part of it. */
export function cacheKey({ absolute, within, source }: SourceFile): string {
  return `${source.kind.folders[0]}\t${within}\t${absolute}`;
}

/** `file` absent: kept in memory. */
export function createParseCache(file?: string): ParseCache {
  let held: readonly Buffer[] = [];
  return {
    load: async (pause) => {
      const bytes = file === undefined ? Buffer.concat(held) : await readFile(file).catch(() => undefined);
      return bytes ? deserialise(bytes, pause) : new Map();
    },
    save: async (files, pause) => {
      const pieces = await serialise(files, pause);
      if (file === undefined) held = pieces;
      else await writeAtomically(file, pieces);
    },
  };
}

/** Characters or bytes handled in one go. */
const PIECE = 65_536;

async function serialise(
  files: ReadonlyMap<string, CachedFile>,
  pause: () => Promise<void>,
): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const hash = createHash('sha256');
  let text = `${FORMAT}\n`;
  const flush = (): void => {
    const piece = Buffer.from(text);
    hash.update(piece);
    pieces.push(piece);
    text = '';
  };
  for (const [key, { size, changedMs, parsed }] of files) {
    text += `${JSON.stringify([key, size, changedMs, parsed])}\n`;
    if (text.length > PIECE) flush();
    await pause();
  }
  flush();
  return [...pieces, Buffer.from(hash.digest('hex'))];
}

async function deserialise(
  bytes: Buffer,
  pause: () => Promise<void>,
): Promise<ReadonlyMap<string, CachedFile>> {
  const files = new Map<string, CachedFile>();
  const end = bytes.lastIndexOf(10) + 1;
  if (!(await isWhole(bytes, end, pause))) return files;
  let start = bytes.indexOf(10) + 1;
  while (start < end) {
    const stop = bytes.indexOf(10, start);
    const line = JSON.parse(bytes.toString('utf8', start, stop)) as [string, number, number, ParsedFile];
    const [key, size, changedMs, parsed] = line;
    files.set(key, { size, changedMs, parsed });
    start = stop + 1;
    await pause();
  }
  return files;
}

async function isWhole(bytes: Buffer, end: number, pause: () => Promise<void>): Promise<boolean> {
  if (bytes.toString('latin1', 0, FORMAT.length + 1) !== `${FORMAT}\n`) return false;
  const hash = createHash('sha256');
  for (let at = 0; at < end; at += PIECE) {
    hash.update(bytes.subarray(at, Math.min(end, at + PIECE)));
    await pause();
  }
  return bytes.toString('latin1', end) === hash.digest('hex');
}
