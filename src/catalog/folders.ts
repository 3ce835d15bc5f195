/** Folders as they are looked through for plugins; questions to the file system that never fail. */
import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder whose place is known; `real` has its links resolved. */
export interface Folder {
  readonly path: string;
  readonly real: string;
}

/** What lies in a folder, by name; nothing where it does not exist. */
export async function childrenOf(path: string): Promise<ReadonlyMap<string, Dirent>> {
  const children = await readdir(path, { withFileTypes: true }).catch(() => []);
  return new Map(children.map((child) => [child.name, child]));
}

/** The folders in a folder, sorted by name. Hidden ones are left out. */
export async function foldersOf({ path, real }: Folder): Promise<Folder[]> {
  const children = [...(await childrenOf(path)).values()].filter(
    (child) =>
      (child.isDirectory() || child.isSymbolicLink()) &&
      !child.name.startsWith('.') &&
      child.name !== 'node_modules',
  );
  children.sort((a, b) => (a.name < b.name ? -1 : 1));
  const folders = children.map(async (child) => {
    const inside = join(path, child.name);
    return { path: inside, real: child.isSymbolicLink() ? await realOf(inside) : join(real, child.name) };
  });
  return (await Promise.all(folders)).filter((folder): folder is Folder => folder.real !== undefined);
}

/** The path with its links resolved, or undefined where nothing lies there. */
export async function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
