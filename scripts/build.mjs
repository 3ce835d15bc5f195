/**
 * Bundles `src` into `dist`: cli.js, index.js and serve.cjs for Node, client.js for anywhere; keeps the bytecode of the
 * server. `--types` also writes the declarations (slower). Run `node scripts/install.mjs` first.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { keepBytecode } from './bytecode.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** `readable-stream` is Node's own stream module, published for older versions: winston gets the one that is there. */
const nodeStreams = {
  name: 'node-streams',
  setup(building) {
    const part = { 'readable-stream': '', writable: '.Writable', duplex: '.Duplex' };
    building.onResolve({ filter: /^readable-stream(\/lib\/_stream_\w+\.js)?$/ }, ({ path }) => ({
      path: /_stream_(\w+)/.exec(path)?.[1] ?? path,
      namespace: 'node-streams',
    }));
    building.onLoad({ filter: /.*/, namespace: 'node-streams' }, ({ path }) => ({
      contents: `module.exports = require('node:stream')${part[path]};`,
    }));
  },
};

/**
 * One character beyond Latin-1 makes the engine keep a whole file in two bytes a character. esbuild escapes them in
 * strings; what is left are those in regular expressions, where an escape means the same.
 */
function writeInAscii(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.c?js$/.test(name)) continue;
    const file = join(folder, name);
    const ascii = readFileSync(file, 'utf8').replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    writeFileSync(file, ascii);
  }
}

const shared = {
  bundle: true,
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  define: { CALLSHEET_VERSION: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
};

const forNode = {
  ...shared,
  outdir: 'dist',
  platform: 'node',
  external: ['better-sqlite3', 'pg', 'ioredis', 'redis'],
  // The engine keeps the text of what it runs.
  minify: true,
  plugins: [nodeStreams],
};

rmSync('dist', { recursive: true, force: true });
await build({
  ...forNode,
  entryPoints: { cli: 'src/cli/entry.ts', index: 'src/index.ts', registry: 'src/starter-registry.ts' },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages inside the bundle call require; ESM has none of its own.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await build({
  ...forNode,
  define: { ...shared.define, 'import.meta.dirname': '__dirname' },
  entryPoints: { serve: 'src/cli/serve-entry.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
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
writeInAscii('dist');
if (!(await keepBytecode()))
  console.error('No bytecode of the server could be kept: its starts take longer.');

if (process.argv.includes('--types')) {
  const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  if (done.status !== 0) process.exit(1);
}
