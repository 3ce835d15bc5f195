#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

const bundle = new URL('../dist/cli.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`callsheet needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(bundle)) {
  console.error('callsheet is not built yet. Run ./init.sh (or: npm install && npm run build).');
  process.exitCode = 1;
} else {
  // What launch flags would set, without a second process: a small heap, whose young generation stays small.
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
  const { run } = await import(bundle.href);
  await run();
}
