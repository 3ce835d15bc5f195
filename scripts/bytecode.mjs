/**
 * Keeps the bytecode of what a start of the server runs: `dist/serve.bytecode`, which bin/server.js reads.
 *
 *   a first start, which fills a data directory ─► a second one, over it ─► up to "listening" ─► bytecode
 *
 * Without it everything works; a start takes longer. Run as a child of itself.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const own = fileURLToPath(import.meta.url);
const root = resolve(dirname(own), '..');
const dist = join(root, 'dist');
const LONGEST = 60_000;

/** @returns {Promise<boolean>} whether there is bytecode now */
export async function keepBytecode() {
  const folder = mkdtempSync(join(tmpdir(), 'callsheet-build-'));
  try {
    return (await startIn(folder, '')) && (await startIn(folder, 'keep'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A start that ends once it serves. */
function startIn(folder, task) {
  const options = ['--root', join(root, 'plugins'), '--data-dir', join(folder, 'data'), '--port', '0'];
  const child = fork(own, ['serve', ...options], {
    cwd: folder,
    // Nothing of the user's own takes part.
    env: { PATH: process.env.PATH, HOME: folder, USERPROFILE: folder, BYTECODE: task },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: LONGEST,
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.includes('listening') && child.connected) child.send('serving');
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  return new Promise((done) => {
    child.once('exit', (code) => {
      if (code !== 0) console.error(complaints);
      done(code === 0);
    });
  });
}

if (process.argv[1] === own) {
  const { loadServer, setEngineFlags } = createRequire(own)('../bin/server.js');
  setEngineFlags();
  const server = loadServer(dist);
  process.once('message', () => {
    if (process.env.BYTECODE === 'keep') {
      // As when a server is loaded: it turns the compiler off while it starts.
      setFlagsFromString('--opt');
      const file = join(dist, 'serve.bytecode');
      writeFileSync(`${file}.tmp`, server.bytecode());
      renameSync(`${file}.tmp`, file);
    }
    process.disconnect();
    process.emit('SIGTERM', 'SIGTERM');
  });
  await server.run();
}
