/** Where this installation lies: found from this file, which runs from `src/` or bundled in `dist/`. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'bin', 'callsheet.js'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('this installation of callsheet is incomplete: bin/ is missing');
    folder = parent;
  }
  return folder;
}

/** The program that `node` runs. */
export function programFile(): string {
  return join(packageRoot(), 'bin', 'callsheet.js');
}
