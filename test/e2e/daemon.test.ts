import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspect } from '../../src/daemon/inspect.ts';
import {
  allDaemonProcesses,
  commandLine,
  daemonProcesses,
  isAlive,
  signal,
} from '../../src/daemon/processes.ts';
import { readState, writeState } from '../../src/daemon/state-file.ts';
import { DaemonProject, eventually, gone, isBuilt } from './daemon-project.ts';

let project: DaemonProject;
let stranger: Server | undefined;

beforeEach(() => {
  project = new DaemonProject();
});

afterEach(async () => {
  stranger?.close();
  stranger = undefined;
  await project.end();
});

function state() {
  const reading = readState(project.place);
  if (reading.kind !== 'present') throw new Error(`the state is ${reading.kind}`);
  return reading.state;
}

async function occupy(): Promise<number> {
  const server = createServer((_request, response) => response.end('not yours'));
  stranger = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!isBuilt)('the daemon', { timeout: 60_000 }, () => {
  it('starts once, says where, and stops without a trace', async () => {
    const started = await project.run('start');
    expect(started.code).toBe(0);
    expect(started.out).toMatch(/^callsheet listening on http:\/\/127\.0\.0\.1:\d+$/);
    const first = await project.status();
    expect(first).toEqual({
      running: true,
      pid: project.pidOf('server'),
      port: first.port,
      url: `http://127.0.0.1:${first.port}`,
      version: first.version,
    });
    expect(statSync(project.place.stateFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(project.place.pidFile, 'utf8')).toBe(`${first.pid}\n`);

    const again = await project.run('start');
    expect(again.err).toContain('already running');
    expect((await project.status()).pid).toBe(first.pid);

    expect((await project.run('stop')).out).toBe('callsheet stopped');
    expect(daemonProcesses(project.place)).toEqual([]);
    for (const file of [project.place.stateFile, project.place.pidFile, project.place.lockFile]) {
      expect(existsSync(file)).toBe(false);
    }
    const off = { running: false, pid: null, port: null, url: null, version: null };
    expect(await project.status()).toEqual(off);
    expect((await project.run('status')).code).toBe(1);
    expect((await project.run('stop')).out).toBe('callsheet was not running');
  });

  it('says how it is', async () => {
    await project.run('start');
    const { code, out } = await project.run('status');
    expect(code).toBe(0);
    expect(out).toMatch(/address {3}http:\/\/127\.0\.0\.1:\d+ \(pid \d+, version /);
    expect(out).toMatch(/indexed +\d+ agents/);
    expect(out).toContain('a crash starts it again');
  });

  it('is started once by several starts at the same time', async () => {
    const starts = await Promise.all([1, 2, 3].map(() => project.launch('start').ended));
    expect(starts).toEqual([0, 0, 0]);
    const roles = daemonProcesses(project.place).map(({ role }) => role);
    expect(roles).toEqual(['supervisor', 'server']);
  });

  it('is one for each project', async () => {
    const other = join(project.base, 'other');
    mkdirSync(join(other, '.git'), { recursive: true });
    await project.run('start');
    await project.runIn(other, 'start');
    const there = JSON.parse((await project.runIn(other, 'status', '--json')).out);
    const here = await project.status();
    expect(there.running && here.running).toBe(true);
    expect(there.port).not.toBe(here.port);
    await project.run('stop');
    expect(JSON.parse((await project.runIn(other, 'status', '--json')).out).running).toBe(true);
  });

  it('takes the next free port and names who holds the wanted one', async () => {
    const port = await occupy();
    const { err, out } = await project.run('start', '--port', String(port));
    expect(err).toMatch(new RegExp(`port ${port} is taken by process ${process.pid} \\(.*\\); using \\d+`));
    expect(out).not.toContain(`:${port}`);
    expect((await project.status()).port).toBe(state().port);
  });

  it('names another Callsheet, with its project, as the holder of a port', async () => {
    await project.run('start');
    const other = join(project.base, 'other');
    mkdirSync(join(other, '.git'), { recursive: true });
    const { err } = await project.runIn(other, 'start', '--port', String(state().port));
    expect(err).toContain(`is taken by another Callsheet (of ${project.root})`);
  });

  it('keeps its options over a restart, unless others are given', async () => {
    mkdirSync(join(project.root, 'catalogue'));
    await project.run('start', '--data-dir', '.claude/mcp-server/data', '--root', '.');
    const before = state();
    expect(before.options).toEqual([
      '--root',
      project.root,
      '--data-dir',
      join(project.root, '.claude/mcp-server/data'),
    ]);
    await project.run('restart');
    expect(state().options).toEqual(before.options);
    expect(state().instance).not.toBe(before.instance);
  });

  it('replaces a server of another version', async () => {
    await project.run('start');
    const old = state();
    writeState(project.place, { ...old, version: '0.0.1', options: ['--port', String(old.port)] });
    expect((await project.run('status')).out).toContain('"callsheet start" replaces the server');
    const { code, err } = await project.run('start');
    expect(code).toBe(0);
    expect(err).toContain('replacing version 0.0.1');
    expect(isAlive(old.pid)).toBe(false);
    expect(state().version).not.toBe('0.0.1');
    expect(state().port).toBe(old.port);
    expect((await project.status()).running).toBe(true);
  });

  it('does not take a copied state file for its own', async () => {
    await project.run('start');
    const copy = join(project.base, 'copy');
    mkdirSync(join(copy, '.claude', 'mcp-server'), { recursive: true });
    writeFileSync(join(copy, '.claude/mcp-server/state.json'), readFileSync(project.place.stateFile));
    const { out } = await project.runIn(copy, 'status');
    expect(out).toContain('not running');
    expect(out).toContain(`copied from ${project.root}`);
  });

  it('is one however the project is reached', async () => {
    const link = join(project.base, 'link');
    symlinkSync(project.root, link);
    await project.run('start', '--root', link);
    const { pid } = await project.status();
    expect((await project.runIn(link, 'start')).err).toContain(`already running (pid ${pid})`);
    expect((await project.run('stop', '--root', link)).out).toBe('callsheet stopped');
  });

  it('is found without options when its data lies elsewhere', async () => {
    mkdirSync(join(project.root, '.claude/mcp-server'), { recursive: true });
    await project.run('start', '--data-dir', join(project.base, 'data'));
    const { running, pid } = await project.status();
    expect(running).toBe(true);
    expect((await project.run('start')).err).toContain(`already running (pid ${pid})`);
    expect((await project.run('stop')).out).toBe('callsheet stopped');
    await eventually(
      () => allDaemonProcesses().every(({ stateFile }) => !stateFile.startsWith(project.base)),
      'the end',
    );
  });

  it('names the stranger that a stale state file refers to', async () => {
    await project.run('start');
    const left = state();
    await project.run('stop');
    const port = await occupy();
    writeState(project.place, { ...left, pid: process.pid, port, url: `http://127.0.0.1:${port}` });
    const { out } = await project.run('status');
    expect(out).toContain(`process ${process.pid} is a stranger now`);
    expect(out).toContain(`port ${port} is held by process ${process.pid}`);
    expect((await project.run('stop')).out).toBe('callsheet was not running');
    expect(existsSync(project.place.stateFile)).toBe(false);
  });

  it('says why a server does not come up, with the end of its log', async () => {
    process.env.CALLSHEET_API_KEY = 'a-key-for-this-test';
    try {
      const { code, err } = await project.run('start', '--host', '203.0.113.1');
      expect(code).toBe(1);
      expect(err).toContain('did not come up');
      expect(err).toContain('203.0.113.1 is not an address of this machine');
    } finally {
      delete process.env.CALLSHEET_API_KEY;
    }
    expect(daemonProcesses(project.place)).toEqual([]);
  });

  it('leaves one process without automatic restart, with the launch flags', async () => {
    process.env.MCP_AUTO_RESTART = 'false';
    try {
      await project.run('start');
    } finally {
      delete process.env.MCP_AUTO_RESTART;
    }
    expect(daemonProcesses(project.place).map(({ role }) => role)).toEqual(['server']);
    const { pid } = await project.status();
    expect(commandLine(pid)).toContain('--max-semi-space-size=1 --optimize-for-size --v8-pool-size=0 ');
    if (process.platform === 'linux') {
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('MALLOC_ARENA_MAX=1');
    }
    expect((await project.run('status')).out).toContain('not restarted after a crash');
    signal(pid, 'SIGKILL');
    await gone(pid);
    expect((await project.status()).running).toBe(false);
  });

  it('shows its log', async () => {
    expect((await project.run('logs')).err).toContain('nothing in');
    await project.run('start');
    const shows = async (text: string) => (await project.run('logs', '--lines', '5')).out.includes(text);
    await eventually(() => shows('callsheet listening on'), 'what it prints is shown');
    await eventually(() => shows('"message":"serving"'), 'what it logs is shown');
  });
});

describe.skipIf(!isBuilt)('a daemon that crashes', { timeout: 60_000 }, () => {
  it('is started again and the crash is recorded', async () => {
    await project.run('start');
    const before = state();
    signal(before.pid, 'SIGKILL');
    await eventually(
      () => readState(project.place).kind === 'present' && state().pid !== before.pid,
      'restart',
    );
    const after = await project.status();
    expect(after.running).toBe(true);
    expect(after.port).toBe(before.port);
    expect((await project.run('logs')).out).toMatch(/"message":"The server crashed.*"signal":"SIGKILL"/);
  });

  it('is said to be given up, once it is', async () => {
    const facts = { pid: 1, code: 7, signal: null, lasted_s: 0, quick_deaths: 5, gave_up: true };
    const crash = { at: '2026-01-31T10:00:00Z', message: 'the supervisor gives up', ...facts };
    project.write('.claude/mcp-server/last-crash.json', JSON.stringify(crash));
    const { code, out } = await project.run('status');
    expect(code).toBe(1);
    expect(out).toContain('last crash: 2026-01-31T10:00:00Z, the supervisor gives up');
    await project.run('start');
    expect((await project.run('status')).out).not.toContain('gives up');
  });
});

describe.skipIf(!isBuilt)('stop leaves nothing behind when', { timeout: 60_000 }, () => {
  async function expectClean(): Promise<void> {
    const { code, err } = await project.run('stop');
    expect({ code, err: err.includes('could not end') }).toEqual({ code: 0, err: false });
    expect(daemonProcesses(project.place)).toEqual([]);
    for (const file of [project.place.stateFile, project.place.pidFile, project.place.lockFile]) {
      expect(existsSync(file)).toBe(false);
    }
  }

  it('the server is suspended', async () => {
    await project.run('start');
    signal(project.pidOf('server'), 'SIGSTOP');
    expect((await inspect(project.place)).kind).toBe('hung');
    expect((await project.run('status')).out).toContain('callsheet is hung');
    await expectClean();
  });

  it('the supervisor is suspended', async () => {
    await project.run('start');
    signal(project.pidOf('supervisor'), 'SIGSTOP');
    await expectClean();
  });

  it('the supervisor was killed', async () => {
    await project.run('start');
    const supervisor = project.pidOf('supervisor');
    signal(supervisor, 'SIGKILL');
    await gone(supervisor);
    expect((await project.status()).running).toBe(true);
    await expectClean();
  });

  it('both were killed', async () => {
    await project.run('start');
    for (const { pid } of daemonProcesses(project.place)) signal(pid, 'SIGKILL');
    await eventually(() => daemonProcesses(project.place).length === 0, 'both end');
    expect((await project.run('status')).out).toContain('the state file is stale');
    await expectClean();
    expect((await project.run('start')).code).toBe(0);
  });

  it('the server is about to be started again', async () => {
    await project.run('start');
    signal(project.pidOf('server'), 'SIGKILL');
    await expectClean();
  });

  it('the server is still starting', async () => {
    const { ended } = project.launch('start');
    await eventually(() => daemonProcesses(project.place).length > 0, 'it is launched');
    expect((await project.run('stop')).code).toBe(0);
    expect(await ended).toBe(1);
    await expectClean();
  });

  it('the state file is gone or spoilt', async () => {
    await project.run('start');
    writeFileSync(project.place.stateFile, '{"pid":');
    await expectClean();
  });

  it('a start was killed and left its lock', async () => {
    const { pid, ended } = project.launch('start');
    await eventually(() => existsSync(project.place.lockFile), 'it holds the lock');
    signal(pid, 'SIGKILL');
    await ended;
    await expectClean();
  });

  it('the server runs in the foreground', async () => {
    const { pid, ended } = project.launch('serve', '--port', '0');
    await eventually(() => readState(project.place).kind === 'present', 'it claims the state file');
    expect(await project.status()).toMatchObject({ running: true, pid });
    expect((await project.run('start')).err).toContain('already running');
    signal(pid, 'SIGSTOP');
    await expectClean();
    expect(await ended).toBe(0);
  });

  it('the server ignores every polite request', async () => {
    const folder = join(project.base, 'deaf');
    mkdirSync(folder);
    const deaf = join(folder, 'callsheet.js');
    writeFileSync(deaf, "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf');");
    chmodSync(deaf, 0o755);
    const own = ['serve', '--state-file', project.place.stateFile, '--instance', 'deaf-server'];
    const child = spawn(process.execPath, [deaf, ...own], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    writeState(project.place, {
      pid: child.pid ?? 0,
      port: 1,
      url: 'http://127.0.0.1:1',
      instance: 'deaf-server',
      version: '0.0.0',
      started: new Date().toISOString(),
      project: project.root,
      data_dir: '',
      options: [],
    });
    const { err } = await project.run('stop');
    expect(err).toContain('was killed');
    expect(daemonProcesses(project.place)).toEqual([]);
  });
});
