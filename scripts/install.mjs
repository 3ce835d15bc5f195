/**
 * Installs what package-lock.json names, if it is not there yet. Uses Node's own modules only, so it runs in a
 * fresh clone. Progress goes to stderr.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.callsheet-install');

/** Exits with a clear message on a Node that is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `callsheet needs Node.js 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}

export function install() {
  checkNode();
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies (a minute or two the first time) …');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...nodeHeaders(), npm_config_production: undefined, NODE_ENV: undefined },
  });
  if (done.status !== 0) {
    console.error('npm ci failed: see its message above. Is the npm registry reachable?');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  if (!existsSync(join(root, 'node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node'))) {
    console.error('better-sqlite3 could not be built (it needs a C++ compiler, make and Python 3).');
    console.error('Callsheet then remembers outcomes with Node 22.5 or newer only, through node:sqlite.');
  }
}

function fingerprint() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(process.versions.modules).digest('hex');
}

/** Native modules are compiled against the headers beside this Node, where it brings them: no download. */
function nodeHeaders() {
  const prefix = resolve(dirname(process.execPath), '..');
  const present = existsSync(join(prefix, 'include', 'node', 'node.h'));
  return present && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) install();
