/** Small questions to the file system that never fail. */
import { readdir, stat } from 'node:fs/promises';

/** Names of the folders in `path`, sorted; none where it does not exist. Hidden ones are left out. */
export async function foldersOf(path: string): Promise<string[]> {
  const children = await readdir(path, { withFileTypes: true }).catch(() => []);
  return children
    .filter((child) => child.isDirectory() || child.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .sort();
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
