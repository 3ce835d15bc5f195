/** Reads one file of people we do not know: a regular file, inside the roots, of bounded size, decoded. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { realOf } from './folders.ts';
import type { Fault } from './frontmatter.ts';
import { isInsideAny } from './inside.ts';
import { linkOutside, unreadable } from './scanner.ts';
import { decode } from './text.ts';

/** Larger files are no definitions: 1 MiB. */
export const LARGEST_FILE = 1_048_576;

/** Text of one file, or why there is none. */
export type ReadResult =
  | { readonly text: string; readonly bytes: Uint8Array; readonly fault?: Fault }
  | { readonly text?: undefined; readonly fault: Fault };

const gone: Fault = { absent: true, cause: 'The file is gone.', remedy: 'Re-index the catalogue.' };
const notPlain: Fault = {
  cause: 'It is no regular file, so it was not read.',
  remedy: 'Put a text file in its place.',
};
const large: Fault = {
  cause: 'The file is larger than 1 MiB, so it was not read.',
  remedy: 'Move reference material into files beside it.',
};
const binary: Fault = {
  cause: 'The file is not text, so it was not read.',
  remedy: 'Save it as UTF-8 text.',
};
const empty: Fault = { cause: 'The file is empty.', remedy: 'Write the definition, or delete the file.' };
const unclean = {
  nul: { cause: 'The file holds NUL characters; they were left out.', remedy: 'Save it as UTF-8 text.' },
  'invalid-utf8': {
    cause: 'The file is not valid UTF-8; the bytes that could not be read were left out.',
    remedy: 'Save it as UTF-8 text.',
  },
} as const satisfies Record<string, Fault>;

/**
 * Reads one file with all guards. Never throws.
 *
 * @param real the path with its links resolved, where a walk has just found that out; spares the question
 */
export async function readText(
  absolute: string,
  roots: readonly string[],
  real?: string,
): Promise<ReadResult> {
  const known = real === undefined ? undefined : await readPlain(real, roots);
  const bytes = known && !('cause' in known) ? known : await readGuarded(absolute, roots);
  if ('cause' in bytes) return { fault: bytes };
  const decoded = decode(bytes);
  if (!decoded) return { fault: binary };
  const { text, fault } = decoded;
  if (text.trim() === '') return { fault: empty };
  return fault ? { text, bytes, fault: unclean[fault] } : { text, bytes };
}

/** The bytes of one file with the same guards; undefined where it must not or cannot be read. Never throws. */
export async function readBytes(absolute: string, roots: readonly string[]): Promise<Uint8Array | undefined> {
  const bytes = await readGuarded(absolute, roots);
  return 'cause' in bytes ? undefined : bytes;
}

async function readGuarded(absolute: string, roots: readonly string[]): Promise<Uint8Array | Fault> {
  const real = realOf(absolute);
  return real === undefined ? gone : readPlain(real, roots);
}

/** `real` has no links in it: one swapped in since is not followed, a pipe in its place does not hang the reader. */
async function readPlain(real: string, roots: readonly string[]): Promise<Uint8Array | Fault> {
  if (!isInsideAny(roots, real)) return linkOutside;
  try {
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await readBounded(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone : unreadable;
  }
}

async function readBounded(handle: FileHandle): Promise<Uint8Array | Fault> {
  const about = await handle.stat();
  if (!about.isFile()) return notPlain;
  if (about.size > LARGEST_FILE) return large;
  const buffer = Buffer.allocUnsafeSlow(about.size);
  const { bytesRead } = await handle.read(buffer, 0, about.size, 0);
  return buffer.subarray(0, bytesRead);
}
