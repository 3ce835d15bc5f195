/**
 * Folders as they are looked through for plugins; questions to the file system that never fail.
 *
 * Asked at once, as `scanner.ts` does: a promise for each costs ten times what the answer does.
 */
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** A folder whose place is known; `real` has its links resolved. */
export interface Folder {
  readonly path: string;
  readonly real: string;
}

/** What lies in a folder, by name; nothing where it does not exist. */
export function childrenOf(path: string): ReadonlyMap<string, Dirent> {
  try {
    return new Map(readdirSync(path, { withFileTypes: true }).map((child) => [child.name, child]));
  } catch {
    return new Map();
  }
}

/** The folders in a folder, sorted by name. Hidden ones are left out. */
export function foldersOf({ path, real }: Folder): Folder[] {
  const children = [...childrenOf(path).values()].filter(
    (child) =>
      (child.isDirectory() || child.isSymbolicLink()) &&
      !child.name.startsWith('.') &&
      child.name !== 'node_modules',
  );
  children.sort((a, b) => (a.name < b.name ? -1 : 1));
  const folders = children.map((child) => {
    const inside = join(path, child.name);
    return { path: inside, real: child.isSymbolicLink() ? realOf(inside) : join(real, child.name) };
  });
  return folders.filter((folder): folder is Folder => folder.real !== undefined);
}

/** The path with its links resolved, or undefined where nothing lies there. */
export function realOf(path: string): string | undefined {
  try {
    // Most places that are asked for are not there, and an error costs more than the question.
    return lstatSync(path, { throwIfNoEntry: false }) ? realpathSync.native(path) : undefined;
  } catch {
    return undefined;
  }
}
