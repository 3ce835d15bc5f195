/**
 * What lies in a skill's folder: its definition and the files that belong to it, read when asked for.
 *
 * Paths are a caller's text: nothing outside the folder is read, neither by `..` nor through a link, and hidden files
 * are not there.
 */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Entry } from './entry.ts';
import { realOf } from './folders.ts';
import { isInside } from './inside.ts';
import { readBytes } from './read-text.ts';

/** Listed at most, for each folder. */
const MOST_ITEMS = 512;
const MANIFEST = 'SKILL.md';

export interface FolderItem {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** @param path inside the skill's folder, with `/`; `SKILL.md` is the definition, whatever its file is called */
export async function readSkillFile(entry: Entry, path: string): Promise<Uint8Array | undefined> {
  if (path === MANIFEST) {
    const root = realOf(entry.root);
    return root === undefined ? undefined : readBytes(join(entry.root, entry.path), [root]);
  }
  const folder = folderOf(entry);
  if (folder === undefined || !isPlain(path)) return undefined;
  return readBytes(join(folder, path), [folder]);
}

/** Direct children of a folder, sorted; undefined where it is none. @param path `''`: the skill's own folder */
export async function listSkillFolder(
  entry: Entry,
  path: string,
): Promise<readonly FolderItem[] | undefined> {
  const folder = folderOf(entry);
  if (folder === undefined) return path === '' ? [{ name: MANIFEST, kind: 'file' }] : undefined;
  if (path !== '' && !isPlain(path)) return undefined;
  const real = realOf(join(folder, path));
  if (real === undefined || !isInside(folder, real)) return undefined;
  const items = await readdir(real, { withFileTypes: true }).catch(() => undefined);
  return items
    ?.filter((item) => !item.name.startsWith('.') && (item.isFile() || item.isDirectory()))
    .map((item) => ({
      name: nameOf(item.name, path),
      kind: item.isDirectory() ? ('directory' as const) : ('file' as const),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ITEMS);
}

/** The real path of the folder that is the skill; undefined for a skill that is one file, or has left its root. */
function folderOf(entry: Entry): string | undefined {
  if (basename(entry.path).toLowerCase() !== MANIFEST.toLowerCase()) return undefined;
  const root = realOf(entry.root);
  const folder = realOf(dirname(join(entry.root, entry.path)));
  return root !== undefined && folder !== undefined && isInside(root, folder) ? folder : undefined;
}

function isPlain(path: string): boolean {
  return path
    .split('/')
    .every((segment) => segment !== '' && !segment.startsWith('.') && !/[\\\0:]/.test(segment));
}

function nameOf(name: string, folder: string): string {
  return folder === '' && name.toLowerCase() === MANIFEST.toLowerCase() ? MANIFEST : name;
}
