/**
 * Loads the server with the bytecode that the build kept of it, so that a start compiles hardly anything.
 *
 * The engine takes bytecode only from its own version under its own flags: else, and without it, it compiles as ever.
 */
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

/**
 * What launch flags would set, without a second process: a small heap, whose young generation stays small. The size
 * takes effect as a launch flag alone; it is set here for bytecode to fit with and without it.
 */
const engineFlags = ['--optimize-for-size', '--semi-space-growth-factor=1', '--max-semi-space-size=1'];

function setEngineFlags() {
  for (const flag of engineFlags) setFlagsFromString(flag);
}

/**
 * @param {string} dist the folder of the build
 * @returns `run` of src/cli/serve-entry.ts; whether bytecode was used; what is compiled by now, to be kept
 */
function loadServer(dist) {
  const filename = join(dist, 'serve.cjs');
  const cachedData = readIfThere(join(dist, 'serve.bytecode'));
  // The build writes ASCII.
  const source = readFileSync(filename, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename,
    cachedData,
  });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, createRequire(filename), loaded, filename, dirname(filename));
  return {
    run: loaded.exports.run,
    fromBytecode: cachedData !== undefined && !script.cachedDataRejected,
    bytecode: () => script.createCachedData(),
  };
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { loadServer, setEngineFlags };
