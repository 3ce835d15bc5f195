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
const FORMAT = 'callsheet-catalogue 1';

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
  let held: Buffer | undefined;
  return {
    load: async (pause) => {
      const bytes = file === undefined ? held : await readFile(file).catch(() => undefined);
      return bytes ? deserialise(bytes, pause) : new Map();
    },
    save: async (files, pause) => {
      const bytes = await serialise(files, pause);
      if (file === undefined) held = bytes;
      else await writeAtomically(file, bytes);
    },
  };
}

async function serialise(
  files: ReadonlyMap<string, CachedFile>,
  pause: () => Promise<void>,
): Promise<Buffer> {
  const lines = [FORMAT];
  for (const [key, { size, changedMs, parsed }] of files) {
    lines.push(JSON.stringify([key, size, changedMs, parsed]));
    await pause();
  }
  const content = Buffer.from(`${lines.join('\n')}\n`);
  return Buffer.concat([content, Buffer.from(digest(content))]);
}

async function deserialise(
  bytes: Buffer,
  pause: () => Promise<void>,
): Promise<ReadonlyMap<string, CachedFile>> {
  const end = bytes.lastIndexOf(10) + 1;
  const content = bytes.subarray(0, end);
  const files = new Map<string, CachedFile>();
  if (bytes.toString('latin1', end) !== digest(content)) return files;
  let start = content.indexOf(10) + 1;
  if (content.toString('utf8', 0, start - 1) !== FORMAT) return files;
  for (; start < end; await pause()) {
    const stop = content.indexOf(10, start);
    const [key, size, changedMs, parsed] = JSON.parse(content.toString('utf8', start, stop)) as [
      string,
      number,
      number,
      ParsedFile,
    ];
    files.set(key, { size, changedMs, parsed });
    start = stop + 1;
  }
  return files;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
