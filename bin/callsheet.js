#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const dist = join(__dirname, '..', 'dist');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`callsheet needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(join(dist, 'cli.js'))) {
  console.error('callsheet is not built yet. Run ./init.sh (or: npm install && npm run build).');
  process.exitCode = 1;
} else {
  run();
}

async function run() {
  const { loadServer, setEngineFlags } = require('./server.js');
  setEngineFlags();
  const program =
    process.argv[2] === 'serve' ? loadServer(dist) : await import(pathToFileURL(join(dist, 'cli.js')).href);
  await program.run();
}
