/**
 * Runs `callsheet` for the plugin, wherever it is:
 *
 *   CALLSHEET_PROGRAM ─► the checkout this plugin lies in ─► the marketplace's clone it was installed from ─► the PATH
 *
 * A clone that was never built is built first: once, with everything it prints on stderr.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const program = join('bin', 'callsheet.js');

/** Installed plugins lie in `plugins/cache/<marketplace>/<plugin>/<version>`, clones in `plugins/marketplaces/<marketplace>`. */
function folders() {
  const marketplace = resolve(here, '../..');
  return [resolve(here, '../..'), resolve(marketplace, '../../marketplaces', basename(marketplace))];
}

function find() {
  const named = process.env.CALLSHEET_PROGRAM;
  if (named) return named;
  const folder = folders().find((each) => existsSync(join(each, program)));
  if (!folder) return undefined;
  if (!existsSync(join(folder, 'dist', 'cli.js'))) build(folder);
  return join(folder, program);
}

function build(folder) {
  console.error('callsheet: building, once; this takes a minute');
  for (const script of ['install.mjs', 'build.mjs']) {
    const { status } = spawnSync(process.execPath, [join(folder, 'scripts', script)], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) process.exit(1);
  }
}

const found = find();
const [command, args] = found ? [process.execPath, [found]] : ['callsheet', []];
const child = spawn(command, [...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: !found && process.platform === 'win32',
});
child.once('error', () => {
  console.error('callsheet is not on the PATH; set CALLSHEET_PROGRAM to its bin/callsheet.js');
  process.exitCode = 1;
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
