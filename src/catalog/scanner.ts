/**
 * Walks folders of people we do not know.
 *
 *   folder ─► walk: names and kinds of files, links resolved and kept inside the roots, loops cut, counts bounded
 *
 * Opens no file. Paths inside a folder are written with `/` on every platform.
 */
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { realOf } from './folders.ts';
import type { Fault } from './frontmatter.ts';
import { isInsideAny } from './inside.ts';

const DEEPEST = 12;
const MOST_FILES = 50_000;

const notEntered = new Set(['node_modules', '__pycache__']);

/** A file as the file system shows it. */
export interface FoundFile {
  /** Absolute, as it was reached (links not resolved). */
  readonly absolute: string;
  /** Absolute, links resolved. */
  readonly real: string;
  /** Relative to the folder that was walked, with `/`. */
  readonly within: string;
  readonly size: number;
  /** When its content or its place last changed (ctime: `touch` and copies do not turn it back). */
  readonly changedMs: number;
}

export interface WalkOptions {
  /** Real paths; nothing outside all of them is followed. */
  readonly roots: readonly string[];
  /** The folder with its links resolved, where that is known. */
  readonly real?: string | undefined;
  /** Whether a file is wanted, by its path inside the folder. */
  readonly wants: (within: string) => boolean;
  /** Names of files that make their folder a unit: of it nothing but that file is taken. */
  readonly unit?: ((name: string) => boolean) | undefined;
  /** Whether the folder itself may be a unit; else only those below it. */
  readonly startMayBeUnit?: boolean;
  /** Lets others run, called often. */
  readonly pause: () => Promise<void>;
  /** Told of what was left out; `file` is absolute. */
  readonly onFault: (file: string, fault: Fault) => void;
}

export const linkOutside: Fault = {
  cause: 'A link leads out of the root.',
  remedy: 'Copy the file into the root, or add its folder as a root of its own.',
};
export const unreadable: Fault = {
  cause: 'It could not be read.',
  remedy: 'Check that the user the server runs as may read it.',
};
const loop: Fault = { cause: 'A link leads back to a folder above it.', remedy: 'Remove the link.' };
const dangling: Fault = { cause: 'A link leads nowhere.', remedy: 'Remove the link or restore its target.' };
const tooDeep: Fault = {
  cause: `Folders are nested more than ${DEEPEST} deep.`,
  remedy: 'Move the definitions further up.',
};
const tooMany: Fault = {
  cause: `The folder holds more than ${MOST_FILES} files; the rest was left out.`,
  remedy: 'Index a smaller folder.',
};

/** Files below `folder` that are wanted, in path order; `folder` may be such a file itself. What is absent is empty. */
export async function walk(folder: string, options: WalkOptions): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const real = options.real ?? realOf(folder);
  if (real === undefined) return [];
  if (!isInsideAny(options.roots, real)) {
    options.onFault(folder, linkOutside);
    return [];
  }
  const walker = { options, found, start: folder };
  const about = options.wants(basename(folder)) ? await stat(real).catch(() => undefined) : undefined;
  if (about?.isFile()) take(walker, { absolute: folder, real, within: basename(folder) }, about);
  else await walkFolder(walker, { absolute: folder, real, within: '' }, [real]);
  return found.sort((a, b) => (a.within < b.within ? -1 : 1));
}

interface Walker {
  readonly options: WalkOptions;
  readonly found: FoundFile[];
  readonly start: string;
}

type Place = Pick<FoundFile, 'absolute' | 'real' | 'within'>;

/** `above`: real paths from the start down to this folder, so that a loop shows. */
async function walkFolder(walker: Walker, folder: Place, above: readonly string[]): Promise<void> {
  const { unit, startMayBeUnit = false, onFault } = walker.options;
  if (above.length > DEEPEST) return onFault(folder.absolute, tooDeep);
  const children = childrenOf(walker, folder).filter(({ name }) => !isHidden(name));
  const mayBeUnit = startMayBeUnit || folder.within !== '';
  const own = children.filter(({ name }) => mayBeUnit && unit?.(name));
  for (const child of own.length > 0 ? own : children) await visit(walker, folder, child, above);
}

/** Asking at once costs the system a tenth of what a promise for each file does; pauses keep it in slices. */
function childrenOf({ options }: Walker, { absolute }: Place): Dirent[] {
  try {
    return readdirSync(absolute, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') options.onFault(absolute, unreadable);
    return [];
  }
}

function statsOf(real: string): Stats | undefined {
  try {
    return statSync(real, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Dot files are other programs' notes (`.git`, `._name.md`). */
function isHidden(name: string): boolean {
  return name.startsWith('.') || notEntered.has(name);
}

async function visit(walker: Walker, parent: Place, child: Dirent, above: readonly string[]): Promise<void> {
  const { wants, onFault, pause } = walker.options;
  const absolute = join(parent.absolute, child.name);
  const within = parent.within === '' ? child.name : `${parent.within}/${child.name}`;
  if (child.isFile() && !wants(within)) return;
  const isLink = child.isSymbolicLink();
  const real = isLink ? await followed(walker, absolute, within) : join(parent.real, child.name);
  const about = real === undefined ? undefined : statsOf(real);
  await pause();
  if (real === undefined || !about) return;
  const place = { absolute, real, within };
  if (about.isFile()) take(walker, place, about);
  else if (about.isDirectory() && above.includes(real)) onFault(absolute, loop);
  else if (about.isDirectory()) await walkFolder(walker, place, [...above, real]);
}

/** Where a link leads, when that is inside the roots. */
async function followed({ options }: Walker, absolute: string, within: string): Promise<string | undefined> {
  try {
    const real = await realpath(absolute);
    if (isInsideAny(options.roots, real)) return real;
    const matters = options.wants(within) || (await stat(real)).isDirectory();
    if (matters) options.onFault(absolute, linkOutside);
  } catch (error) {
    const cyclic = (error as NodeJS.ErrnoException).code === 'ELOOP';
    if (cyclic || options.wants(within)) options.onFault(absolute, cyclic ? loop : dangling);
  }
  return undefined;
}

function take({ options, found, start }: Walker, place: Place, about: Stats): void {
  if (!options.wants(place.within)) return;
  if (found.length < MOST_FILES) found.push({ ...place, size: about.size, changedMs: about.ctimeMs });
  else options.onFault(start, tooMany);
}
