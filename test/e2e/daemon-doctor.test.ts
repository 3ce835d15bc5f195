import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signal } from '../../src/daemon/processes.ts';
import { readState, writeState } from '../../src/daemon/state-file.ts';
import { DaemonProject, gone, isBuilt } from './daemon-project.ts';

interface Reported {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly remedy?: string;
}

let project: DaemonProject;
let stranger: Server | undefined;

beforeEach(() => {
  project = new DaemonProject();
});

afterEach(async () => {
  stranger?.close();
  await project.end();
});

async function examine(...options: string[]) {
  const { code, out } = await project.run('doctor', '--json', ...options);
  const { findings, fixed } = JSON.parse(out) as { findings: Reported[]; fixed: Reported[] };
  const of = (check: string): Reported => {
    const found = findings.find((finding) => finding.check === check);
    if (!found) throw new Error(`there is no finding about ${check}`);
    return found;
  };
  return { code, findings, fixed, of };
}

function state() {
  const reading = readState(project.place);
  if (reading.kind !== 'present') throw new Error('no state');
  return reading.state;
}

describe.skipIf(!isBuilt)('doctor', { timeout: 60_000 }, () => {
  it('has a remedy for everything that is not well', async () => {
    const { code, findings, of } = await examine();
    expect(code).toBe(0);
    for (const { level, remedy } of findings) if (level !== 'ok') expect(remedy).toBeTruthy();
    expect(of('state')).toMatchObject({ level: 'warning', remedy: 'callsheet start' });
    expect(of('registration').level).toBe('warning');
    expect(of('files').message).toContain('.claude/init.sh');
    const { out } = await project.run('doctor');
    expect(out).toContain('warning  state: the server does not run');
  });

  it('finds an initialised project well', async () => {
    await project.run('init');
    const { of } = await examine();
    for (const check of ['node', 'data folder', 'state', 'port', 'version', 'files']) {
      expect(of(check)).toMatchObject({ level: 'ok' });
    }
    expect(of('catalogue').message).toBe('no problems');
  });

  it('names problems of the catalogue and of the registration', async () => {
    project.write('.claude/agents/broken.md', '---\nname: [\n---\n');
    await project.run('init');
    project.write('.mcp.json', '{"mcpServers": {"callsheet": {"command": "/nonexistent/callsheet"}}}');
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('catalogue')).toMatchObject({ level: 'warning' });
    expect(of('registration')).toMatchObject({ level: 'error' });
    project.write('.mcp.json', '{');
    expect((await examine()).of('registration').message).toContain('line 1');
  });

  it('finds a server of another version, and one that hangs', async () => {
    await project.run('start');
    const { pid } = state();
    writeState(project.place, { ...state(), version: '0.0.1' });
    expect((await examine()).of('version')).toMatchObject({ level: 'warning' });
    signal(pid, 'SIGSTOP');
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('state')).toMatchObject({ level: 'error', remedy: 'callsheet restart' });
  });

  it('names who holds the port, and removes a stale state file when asked to', async () => {
    const server = createServer((_request, response) => response.end());
    stranger = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    process.env.MCP_AUTO_RESTART = 'false';
    await project.run('start');
    delete process.env.MCP_AUTO_RESTART;
    const { pid } = state();
    signal(pid, 'SIGKILL');
    await gone(pid);
    process.env.MCP_PORT = String(port);
    const { of } = await examine();
    expect(of('port').message).toContain(`${port} is held by process ${process.pid}`);
    expect(of('state').message).toContain('stale');
    const mended = await examine('--fix');
    expect(mended.fixed.map(({ check }) => check)).toEqual(['state']);
    expect(mended.of('state').message).toBe('the server does not run');
    expect(existsSync(project.place.stateFile)).toBe(false);
  });
});

describe.skipIf(!isBuilt)('service', { timeout: 60_000 }, () => {
  it('prints the unit that it would write', async () => {
    const { code, out } = await project.run('service', 'install', '--dry-run', '--manager', 'systemd');
    expect(code).toBe(0);
    expect(out).toContain(`WorkingDirectory=${project.root.replaceAll('%', '%%')}\n`);
    expect(out).toContain('"serve" "--state-file"');
    expect((await project.run('service', 'status', '--manager', 'systemd')).code).toBe(1);
  });

  it('writes a unit and says that no manager took it', async () => {
    const manager = process.platform === 'darwin' ? 'task-scheduler' : 'launchd';
    const { code, out, err } = await project.run('service', 'install', '--manager', manager);
    expect(code).toBe(1);
    expect(err).toContain('the unit is not enabled');
    const file = out.replace('Wrote ', '');
    expect(readFileSync(file).length).toBeGreaterThan(100);
    expect((await project.run('service', 'status', '--manager', manager)).code).toBe(0);
    expect((await project.run('service', 'uninstall', '--manager', manager)).out).toBe(`Removed ${file}`);
    expect(existsSync(file)).toBe(false);
    expect((await project.run('service', 'uninstall', '--manager', manager)).out).toContain('There is no');
  });

  it('refuses other words', async () => {
    expect((await project.run('service', 'dance')).code).toBe(2);
    expect((await project.run('service', 'install', '--manager', 'cron')).code).toBe(2);
  });
});
