/** The built server starts from the bytecode that the build kept of it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverCommand } from '../../src/daemon/command-line.ts';
import type { Place } from '../../src/daemon/place.ts';
import { isBuilt } from './cli-process.ts';

const checkout = resolve(import.meta.dirname, '../..');
const program = join(checkout, 'bin', 'callsheet.js');
let dist = '';
beforeEach(() => {
  dist = join(mkdtempSync(join(tmpdir(), 'callsheet-dist-')), 'dist');
  for (const file of ['serve.cjs', 'serve.bytecode']) cpSync(join(checkout, 'dist', file), join(dist, file));
});
afterEach(() => rmSync(join(dist, '..'), { recursive: true, force: true }));

/** What a process with these flags says of the server that it loads. */
function load(flags: readonly string[]): { fromBytecode: boolean; run: string } {
  const program = `
    const { loadServer, setEngineFlags } = require(${JSON.stringify(join(checkout, 'bin/server.js'))});
    setEngineFlags();
    const { fromBytecode, run } = loadServer(${JSON.stringify(dist)});
    console.log(JSON.stringify({ fromBytecode, run: typeof run }));`;
  const { stdout } = spawnSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
  return JSON.parse(stdout) as { fromBytecode: boolean; run: string };
}

/** Those of `callsheet start`. */
const [, ...command] = serverCommand({ place: {} as Place, instance: '', options: [] });
const launchFlags = command.slice(0, command.indexOf(program));

describe.skipIf(!isBuilt)('the built server', () => {
  it.each([
    ['by hand', []],
    ['in the background', launchFlags],
  ])('is started %s from kept bytecode', (_, flags) => {
    expect(load(flags)).toEqual({ fromBytecode: true, run: 'function' });
  });

  it('is compiled where the bytecode is another engine’s, and where there is none', () => {
    expect(load(['--no-opt'])).toEqual({ fromBytecode: false, run: 'function' });
    rmSync(join(dist, 'serve.bytecode'));
    expect(load([])).toEqual({ fromBytecode: false, run: 'function' });
  });
});
