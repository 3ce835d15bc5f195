/**
 * `npm run conformance`: the official suite and the Inspector against the built server.
 *
 *   tools (installed once, apart from the program's) ─► servers ─► suite, two revisions each ─► skills ─► Inspector
 *
 * Progress goes to stderr, the summary to stdout. What is expected to fail stands in expected/, with the reasons; the
 * suite ends with an error when something else fails, and when something listed there passes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const tools = join(here, 'tools');
const program = join(root, 'bin/callsheet.js');
const work = mkdtempSync(join(tmpdir(), 'callsheet-conformance-'));
const roster = join(work, 'roster');
const revisions = ['2025-11-25', '2026-07-28'];
const skillScenarios = ['directory', 'enumeration', 'manifest'].map((name) => `sep-2640-skills-${name}`);

const say = (text) => console.error(text);

/** Once for each state of the lock file. */
function installTools() {
  const lock = readFileSync(join(tools, 'package-lock.json'), 'utf8');
  const stamp = join(tools, 'node_modules/.callsheet-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the suite and the Inspector (about 330 MB, once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: tools, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new Error('the tools could not be installed');
  writeFileSync(stamp, lock);
}

/** The tools need a newer Node than the program: their own, where this one is too old. */
function nodeForTools() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19)
    ? process.execPath
    : join(tools, 'node_modules/node/bin/node');
}

/** A server in a process of its own; resolves when it says where it listens. */
function start(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 2], env: environment });
  return new Promise((found, failed) => {
    child.stdout.on('data', (chunk) => {
      const url = /listening on (\S+)/.exec(String(chunk))?.[1];
      if (url) found({ url, stop: () => child.kill('SIGTERM') });
    });
    child.once('exit', (code) => failed(new Error(`a server ended with ${code} before it listened`)));
  });
}

const environment = { ...process.env, HOME: work, CALLSHEET_RATE_LIMIT: '0', NO_COLOR: '1' };
const place = ['--root', roster, '--data-dir', join(work, 'data')];

function runTool(script, args) {
  const file = join(tools, 'node_modules', script);
  const options = { encoding: 'utf8', cwd: work, env: environment, timeout: 300_000, maxBuffer: 2 ** 26 };
  const { status, stdout, stderr } = spawnSync(nodeForTools(), [file, ...args], options);
  return { ok: status === 0, stdout, text: `${stdout}\n${stderr}` };
}

const suite = '@modelcontextprotocol/conformance/dist/index.js';

function runSuite(build, url, revision) {
  const expected = join(here, 'expected', `${build}-${revision}.yml`);
  const args = ['server', '--url', `${url}/mcp`, '--requirements', revision, '--expected-failures', expected];
  const { ok, text } = runTool(suite, args);
  const rows = [...text.matchAll(/^(✓|✗) ([\w-]+): \d+ passed, \d+ failed/gm)];
  const passed = rows.filter(([, mark]) => mark === '✓').length;
  if (!ok) say(text.slice(-4000));
  return { what: `${build}, ${revision}`, ok, passed, of: rows.length };
}

function runSkills(url) {
  const results = skillScenarios.map((name) =>
    runTool(suite, ['server', '--url', `${url}/mcp`, '--scenario', name]),
  );
  for (const { ok, text } of results) if (!ok) say(text.slice(-3000));
  const passed = results.filter(({ ok }) => ok).length;
  return { what: 'server, skills extension', ok: passed === results.length, passed, of: results.length };
}

const inspector = '@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const calls = [
  [['--method', 'tools/list'], 'find_agents'],
  [
    ['--method', 'tools/call', '--tool-name', 'find_agents', '--tool-arg', 'context=slow SQL queries'],
    'api:database-tuner',
  ],
  [['--method', 'resources/list'], 'agent://web/react-specialist'],
  [['--method', 'prompts/list'], 'web:build-page'],
];

function runInspector(what, target) {
  const results = calls.map(([args, wanted]) => {
    const { stdout, text } = runTool(inspector, ['--cli', ...args, ...target]);
    const ok = stdout.includes(wanted);
    if (!ok) say(`${args.join(' ')}: ${text.slice(-2000)}`);
    return ok;
  });
  const passed = results.filter(Boolean).length;
  return { what: `Inspector, ${what}`, ok: passed === results.length, passed, of: results.length };
}

/** The roster of the tests, with a skill that has a folder of its own files: a scenario looks for one. */
function layOutRoster() {
  cpSync(join(root, 'test/fixtures/roster'), roster, { recursive: true });
  const references = join(roster, 'plugins/backend/skills/contract-testing/references');
  mkdirSync(references);
  writeFileSync(join(references, 'pact.md'), '# Contracts as files\n');
}

async function main() {
  installTools();
  layOutRoster();
  if (!existsSync(join(root, 'dist/cli.js')))
    spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const servers = {
    server: await start([program, 'serve', ...place, '--port', '0']),
    fixtures: await start([tsx, join(here, 'fixture-server.ts')]),
  };
  const results = [];
  const record = (result) => {
    results.push(result);
    say(`${result.ok ? 'ok    ' : 'FAILED'} ${result.what}: ${result.passed} of ${result.of}`);
  };
  try {
    for (const [build, { url }] of Object.entries(servers)) {
      for (const revision of revisions) record(runSuite(build, url, revision));
    }
    record(runSkills(servers.server.url));
    record(runInspector('HTTP', ['--transport', 'http', `${servers.server.url}/mcp`]));
    record(runInspector('stdio', ['--', process.execPath, program, 'mcp', ...place]));
  } finally {
    for (const { stop } of Object.values(servers)) stop();
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
  else
    for (const { what, ok, passed, of } of results)
      console.log(`${ok ? 'ok' : 'FAILED'}\t${passed}/${of}\t${what}`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
