/** Temporary trees of files for the tests of the catalogue. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { createParseCache } from '../../src/catalog/parse-cache.ts';
import { type ReadOptions, readCatalogue } from '../../src/catalog/read.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is removed after the test, with these files in it. */
export function createTree(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'callsheet-catalog-')));
  made.push(root);
  write(root, files);
  return root;
}

export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Text of an agent, skill or command. */
export function definition(name: string, description = `Does ${name}.`, body = `# ${name}\n`): string {
  return `---\nname: ${name}\ndescription: ${description}\n---\n${body}`;
}

/** The catalogue of one project root, or of the roots given. */
export function read(root: string | ReadOptions['roots'], options: Partial<ReadOptions> = {}) {
  return readCatalogue({
    roots: typeof root === 'string' ? [{ path: root, scope: 'project' }] : root,
    cache: createParseCache(),
    pause: async () => undefined,
    now: Date.now,
    ...options,
  });
}
