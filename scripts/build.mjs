/**
 * Bundles `src` into `dist`: cli.js and index.js for Node, client.js for anywhere. `--types` also writes the
 * declarations (slower). Run `node scripts/install.mjs` first.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const shared = {
  bundle: true,
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  define: { CALLSHEET_VERSION: JSON.stringify(version) },
};

rmSync('dist', { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { cli: 'src/cli/entry.ts', index: 'src/index.ts', registry: 'src/starter-registry.ts' },
  outdir: 'dist',
  platform: 'node',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['better-sqlite3', 'pg', 'ioredis', 'redis'],
  minifySyntax: true,
  minifyWhitespace: true,
  // CommonJS packages inside the bundle call require; ESM has none of its own.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
// Only needed for the next step.
const { starterRegistry } = await import(pathToFileURL(resolve('dist', 'registry.js')).href);
const registry = await starterRegistry(root);
for (const file of ['registry.js', 'registry.js.map']) rmSync(join('dist', file));
await build({
  ...shared,
  define: { ...shared.define, CALLSHEET_REGISTRY: JSON.stringify(registry) },
  entryPoints: { client: 'src/client/client.ts' },
  outdir: 'dist',
  platform: 'neutral',
  target: 'es2022',
  mainFields: ['module', 'main'],
  external: ['node:*'],
});

if (process.argv.includes('--types')) {
  const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  if (done.status !== 0) process.exit(1);
}
