/**
 * Walks folders and reads files of people we do not know.
 *
 *   folder ─► walk: names and kinds of files, links resolved and kept inside the root, loops cut, counts bounded
 *   file   ─► readText: one regular file, inside the root, of bounded size, decoded
 *
 * Reads nothing but names while walking. Paths inside a root are written with `/` on every platform.
 */
import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Fault } from './frontmatter.ts';
import { decode } from './text.ts';

/** Larger files are no definitions: 1 MiB. */
export const LARGEST_FILE = 1_048_576;
const DEEPEST = 12;
const MOST_FILES = 50_000;

const notEntered = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv']);

/** A file as the file system shows it. */
export interface FoundFile {
  /** Absolute, as it was reached (links not resolved). */
  readonly absolute: string;
  /** Relative to the folder that was walked, with `/`. */
  readonly within: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface WalkOptions {
  /** Real paths; nothing outside all of them is followed. */
  readonly roots: readonly string[];
  /** Whether a file is wanted, by its path inside the folder. */
  readonly wants: (within: string) => boolean;
  /** Names of files where the walk goes no deeper: a folder that holds one is taken as a unit. */
  readonly unit?: (name: string) => boolean;
  /** Told of what was left out; `file` is absolute. */
  readonly onFault: (file: string, fault: Fault) => void;
}

const outside: Fault = {
  cause: 'A link leads out of the root.',
  remedy: 'Copy the file into the root, or add its folder as a root of its own.',
};
const loop: Fault = { cause: 'A link leads back to a folder above it.', remedy: 'Remove the link.' };
const tooDeep: Fault = {
  cause: `Folders are nested more than ${DEEPEST} deep.`,
  remedy: 'Move the definitions further up.',
};
const tooMany: Fault = {
  cause: `The folder holds more than ${MOST_FILES.toLocaleString('en')} files.`,
  remedy: 'Index a smaller folder.',
};
const dangling: Fault = { cause: 'A link leads nowhere.', remedy: 'Remove the link or restore its target.' };
const gone: Fault = { absent: true, cause: 'The file is gone.', remedy: 'Re-index the catalogue.' };
const unreadable: Fault = {
  cause: 'It could not be read.',
  remedy: 'Check that the user the server runs as may read it.',
};

/** Files below `folder` that are wanted, in path order. A folder that does not exist is empty. */
export async function walk(folder: string, options: WalkOptions): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const state = { options, found, full: false };
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return [];
  if (!staysInside(options.roots, real)) options.onFault(folder, outside);
  else await walkFolder(state, folder, '', [real]);
  return found.sort((a, b) => (a.within < b.within ? -1 : 1));
}

interface WalkState {
  readonly options: WalkOptions;
  readonly found: FoundFile[];
  full: boolean;
}

/** `above`: real paths from the start down to this folder, so that a loop shows. */
async function walkFolder(
  state: WalkState,
  folder: string,
  prefix: string,
  above: readonly string[],
): Promise<void> {
  const { options } = state;
  if (above.length > DEEPEST) return options.onFault(folder, tooDeep);
  const children = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') options.onFault(folder, unreadable);
    return [] as Dirent[];
  });
  const isUnit = prefix !== '' && children.some((child) => options.unit?.(child.name));
  await Promise.all(
    children.map((child) => (state.full ? undefined : visit(state, folder, prefix, above, child, isUnit))),
  );
}

async function visit(
  state: WalkState,
  folder: string,
  prefix: string,
  above: readonly string[],
  child: Dirent,
  isUnit: boolean,
): Promise<void> {
  const absolute = join(folder, child.name);
  const within = prefix + child.name;
  const target = child.isSymbolicLink() ? await followed(state.options, absolute, within, above) : child;
  if (!target) return;
  if (target.isDirectory()) {
    if (isUnit || notEntered.has(child.name)) return;
    const real = child.isSymbolicLink() ? await realpath(absolute) : join(above.at(-1) ?? '', child.name);
    if (above.includes(real)) return state.options.onFault(absolute, loop);
    return walkFolder(state, absolute, `${within}/`, [...above, real]);
  }
  if (!target.isFile() || !state.options.wants(within)) return;
  if (isUnit && !state.options.unit?.(child.name)) return;
  await take(state, absolute, within);
}

/** What a link leads to, when it stays inside the root. */
async function followed(
  options: WalkOptions,
  absolute: string,
  within: string,
  above: readonly string[],
): Promise<{ isDirectory(): boolean; isFile(): boolean } | undefined> {
  try {
    const real = await realpath(absolute);
    const target = await stat(absolute);
    const matters = target.isDirectory() || options.wants(within);
    if (staysInside(options.roots, real)) return target;
    if (matters && above.length > 0) options.onFault(absolute, outside);
  } catch (error) {
    const cyclic = (error as NodeJS.ErrnoException).code === 'ELOOP';
    if (cyclic || options.wants(within)) options.onFault(absolute, cyclic ? loop : dangling);
  }
  return undefined;
}

async function take(state: WalkState, absolute: string, within: string): Promise<void> {
  const about = await stat(absolute).catch(() => undefined);
  if (!about?.isFile()) return;
  if (state.found.length >= MOST_FILES) {
    if (!state.full) state.options.onFault(absolute, tooMany);
    state.full = true;
    return;
  }
  state.found.push({ absolute, within, size: about.size, mtimeMs: about.mtimeMs });
}

/** Text of one file, or why there is none. */
export type ReadResult =
  | { readonly text: string; readonly bytes: Uint8Array; readonly fault?: Fault }
  | { readonly text?: undefined; readonly fault: Fault };

const faults = {
  large: {
    cause: 'The file is larger than 1 MiB, so it was not read.',
    remedy: 'Move reference material into files beside it.',
  },
  binary: { cause: 'The file is not text, so it was not read.', remedy: 'Save it as UTF-8 text.' },
  empty: { cause: 'The file is empty.', remedy: 'Write the definition, or delete the file.' },
  nul: { cause: 'The file holds NUL characters; they were left out.', remedy: 'Save it as UTF-8 text.' },
  'invalid-utf8': {
    cause: 'The file is not valid UTF-8; the bytes that could not be read were left out.',
    remedy: 'Save it as UTF-8 text.',
  },
} as const satisfies Record<string, Fault>;

/** Reads one file with all guards. Never throws. */
export async function readText(absolute: string, roots: readonly string[]): Promise<ReadResult> {
  const bytes = await readBytes(absolute, roots);
  if ('cause' in bytes) return { fault: bytes };
  const decoded = decode(bytes);
  if (!decoded) return { fault: faults.binary };
  if (decoded.text.trim() === '') return { fault: faults.empty };
  return decoded.fault
    ? { text: decoded.text, bytes, fault: faults[decoded.fault] }
    : { text: decoded.text, bytes };
}

async function readBytes(absolute: string, roots: readonly string[]): Promise<Uint8Array | Fault> {
  try {
    // Where it really lies is settled first, and that path is opened: a link swapped in between is not followed.
    const real = await realpath(absolute);
    if (!staysInside(roots, real)) return outside;
    const about = await stat(real);
    if (!about.isFile()) return faults.binary;
    if (about.size > LARGEST_FILE) return faults.large;
    return await readBounded(real, about.size);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone : unreadable;
  }
}

async function readBounded(path: string, size: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await handle.read(buffer, 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether `path` is `root` or lies below it; both absolute and real. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return (
    way === '' ||
    (!way.startsWith('..') && !isAbsolute(way)) ||
    (way.startsWith('..') && /^\.\.[^/\\]/.test(way))
  );
}

/** Relative to `root`, with `/`. */
export function portable(root: string, absolute: string): string {
  return relative(root, absolute).split(sep).join('/');
}

/** A path written in a manifest, resolved below `base`; undefined where it leaves it. */
export function below(base: string, written: string): string | undefined {
  if (isAbsolute(written) || /^[A-Za-z]:/.test(written) || written.includes('\0')) return undefined;
  const path = resolve(base, written.replaceAll('\\', '/'));
  return isInside(base, path) ? path : undefined;
}

function staysInside(roots: readonly string[], real: string): boolean {
  return roots.some((root) => isInside(root, real));
}
