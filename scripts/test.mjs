/**
 * `npm test`: installs what is missing, builds, then runs every check and every test.
 *
 *   install → build (with types) → lint → types → tests with coverage
 *
 * `npm test -- <vitest arguments>` narrows the last step.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
install();

const bin = (name, script) => resolve('node_modules', name, script);
const steps = [
  ['build', [resolve('scripts/build.mjs'), '--types']],
  ['lint', [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  ['unused exports', [bin('knip', 'bin/knip.js')]],
  ['types', [bin('typescript', 'bin/tsc'), '--noEmit']],
  ['tests', [bin('vitest', 'vitest.mjs'), 'run', '--coverage', ...process.argv.slice(2)]],
];

if (!existsSync(resolve('..', 'shared'))) {
  console.error('Note: ../shared is not here; the tests over real collections skip themselves.');
}
for (const [name, args] of steps) {
  console.error(`\n── ${name}`);
  const done = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (done.status !== 0) {
    console.error(`\n${name}: failed`);
    process.exit(done.status ?? 1);
  }
}

const summary = resolve('coverage', 'coverage-summary.json');
if (process.argv.length === 2 && existsSync(summary)) {
  const { total } = JSON.parse(readFileSync(summary, 'utf8'));
  console.log(`\nLines of src covered: ${total.lines.pct} % (at least 90 wanted)`);
  if (total.lines.pct < 90) process.exit(1);
}
