import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registrationEntry } from '../../src/daemon/install/registration.ts';
import { hashOf } from '../../src/daemon/install/text-file.ts';
import { daemonProcesses } from '../../src/daemon/processes.ts';
import { DaemonProject, isBuilt, treeOf } from './daemon-project.ts';

const clientFile = join(import.meta.dirname, '../../dist/client.js');
let project: DaemonProject;

beforeEach(() => {
  project = new DaemonProject();
});

afterEach(() => project.end());

function read(path: string): string {
  return readFileSync(join(project.root, path), 'utf8');
}

function sh(script: string, ...args: string[]) {
  return spawnSync('sh', [script, ...args], { encoding: 'utf8' });
}

/** A folder with what the scripts use but Node. */
function toolsWithoutNode(): string {
  const tools = join(project.base, 'tools');
  mkdirSync(tools);
  for (const name of ['dirname', 'pwd'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(tools, name));
  return tools;
}

function removeState(): void {
  for (const name of ['logs', 'data', 'registry.json']) {
    rmSync(join(project.root, '.claude/mcp-server', name), { recursive: true });
  }
}

const laidDown = [
  '.claude/init.sh',
  '.claude/init.ps1',
  '.claude/stop.sh',
  '.claude/status.sh',
  '.claude/lib/callsheet.sh',
  '.claude/agent-registry.yml',
  '.claude/agents/project-orchestrator.md',
  '.claude/agents/feature-orchestrator.md',
  '.claude/mcp-server/.gitignore',
  '.mcp.json',
];

describe.skipIf(!isBuilt)('init', { timeout: 60_000 }, () => {
  it('lays down, registers, starts; uninstall leaves the tree as it was', async () => {
    project.write('src/index.js', 'export {};\n');
    project.write('.mcp.json', '{"mcpServers": {"other": {"command": "x"}}}');
    const before = treeOf(project.root);

    const { code, out, err } = await project.run('init');
    expect(err).toContain('register  .mcp.json');
    expect(out).toContain(`Callsheet serves ${project.root}`);
    expect(code).toBe(0);
    for (const path of laidDown) expect(existsSync(join(project.root, path)), path).toBe(true);
    expect(JSON.parse(read('.mcp.json')).mcpServers).toEqual({
      other: { command: 'x' },
      callsheet: registrationEntry(),
    });
    expect(statSync(join(project.root, '.claude/init.sh')).mode & 0o111).toBe(0o111);
    expect((await project.status()).running).toBe(true);
    expect((await project.run('query', 'coordinate a whole project', '--json')).code).toBe(0);

    const done = await project.run('uninstall', '--purge');
    expect(done.code).toBe(0);
    expect(daemonProcesses(project.place)).toEqual([]);
    expect(treeOf(project.root)).toBe(before);
  });

  it('reports the state that it leaves', async () => {
    const before = treeOf(project.root);
    await project.run('init');
    const { out } = await project.run('uninstall');
    expect(out).toContain('State is left in .claude/mcp-server/');
    expect(existsSync(join(project.root, '.claude/mcp-server/.gitignore'))).toBe(true);
    expect(existsSync(join(project.root, '.mcp.json'))).toBe(false);
    rmSync(join(project.root, '.claude/mcp-server'), { recursive: true });
    rmSync(join(project.root, '.claude'), { recursive: true });
    expect(treeOf(project.root)).toBe(before);
  });

  it('changes nothing in a dry run, and the second time', async () => {
    const before = treeOf(project.root);
    const { out, err } = await project.run('init', '--dry-run');
    for (const path of laidDown) expect(err).toContain(path);
    expect(out).toContain('Nothing was changed');
    expect(treeOf(project.root)).toBe(before);

    await project.run('init');
    await project.run('stop');
    removeState();
    const first = treeOf(project.root);
    const again = await project.run('init');
    expect(again.err).not.toMatch(/^(create|update|register) /m);
    await project.run('stop');
    removeState();
    expect(treeOf(project.root)).toBe(first);
  });

  it('keeps what is yours, and what you changed', async () => {
    project.write('.claude/agents/project-orchestrator.md', 'mine\n');
    project.write('agent-registry.yml', 'roles: {}\n');
    project.write('.mcp.json', '{"mcpServers": {"callsheet": {"command": "mine"}}}');
    const { err } = await project.run('init');
    expect(err).toContain('keep      .claude/agents/project-orchestrator.md (yours)');
    expect(err).toContain('keep      agent-registry.yml (yours)');
    expect(err).toContain('keep      .mcp.json (it names another "callsheet")');
    expect(existsSync(join(project.root, '.claude/agent-registry.yml'))).toBe(false);

    appendFileSync(join(project.root, '.claude/stop.sh'), '# mine\n');
    const undone = await project.run('uninstall', '--purge');
    expect(undone.err).toContain('kept      .claude/stop.sh (you changed it)');
    expect(read('.claude/stop.sh')).toContain('# mine');
    expect(read('.claude/agents/project-orchestrator.md')).toBe('mine\n');
    expect(read('.mcp.json')).toContain('mine');
    expect(existsSync(join(project.root, '.claude/init.sh'))).toBe(false);
  });

  it('brings what it laid down itself up to date', async () => {
    await project.run('init');
    const manifest = JSON.parse(read('.claude/mcp-server/init.json'));
    const old = 'an older version\n';
    writeFileSync(join(project.root, '.claude/stop.sh'), old);
    for (const file of manifest.files) if (file.path === '.claude/stop.sh') file.sha256 = hashOf(old);
    writeFileSync(join(project.root, '.claude/mcp-server/init.json'), JSON.stringify(manifest));
    expect((await project.run('init')).err).toContain('update    .claude/stop.sh');
    expect(read('.claude/stop.sh')).not.toBe(old);
  });

  it('takes out its entry alone from a registration that others changed since', async () => {
    await project.run('init');
    const config = JSON.parse(read('.mcp.json'));
    project.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { ...config.mcpServers, late: { command: 'y' } } }),
    );
    await project.run('uninstall', '--purge');
    expect(JSON.parse(read('.mcp.json'))).toEqual({ mcpServers: { late: { command: 'y' } } });
  });

  it('registers for the user, through a symbolic link and without touching the project', async () => {
    const file = join(project.base, 'real.json');
    writeFileSync(file, '\uFEFF{\r\n\t"numStartups": 3\r\n}\r\n', { mode: 0o600 });
    symlinkSync(file, join(project.home, '.claude.json'));
    const before = readFileSync(file);
    await project.run('init', '--scope', 'user');
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(text.slice(1))).toEqual({
      numStartups: 3,
      mcpServers: { callsheet: registrationEntry() },
    });
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(join(project.root, '.mcp.json'))).toBe(false);
    await project.run('uninstall', '--purge');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is undone however the project is reached', async () => {
    const before = treeOf(project.root);
    const link = join(project.base, 'link');
    symlinkSync(project.root, link);
    await project.runIn(project.base, 'init', 'link');
    await project.run('uninstall', '--purge');
    expect(treeOf(project.root)).toBe(before);
  });

  it('refuses a broken registration file, with the line, and loses nothing', async () => {
    project.write('.mcp.json', '{\n  "mcpServers": {,\n}\n');
    const before = treeOf(project.root);
    const { code, err } = await project.run('init');
    expect(code).toBe(1);
    expect(err).toContain('.mcp.json is not usable, line 2');
    expect(treeOf(project.root)).toBe(before);
  });

  it('says so when the server does not come up', async () => {
    process.env.CALLSHEET_API_KEY = 'a-key-for-this-test';
    try {
      const { code, out } = await project.run('init', '--host', '203.0.113.1');
      expect(code).toBe(1);
      expect(out).toContain('its server does not run');
    } finally {
      delete process.env.CALLSHEET_API_KEY;
    }
  });

  it('refuses a folder that is not there and a scope that does not exist', async () => {
    expect((await project.run('init', 'nowhere')).code).toBe(2);
    expect((await project.run('init', '--scope', 'world')).code).toBe(2);
  });
});

describe.skipIf(!isBuilt || !existsSync(clientFile))(
  'the client that init lays down',
  { timeout: 60_000 },
  () => {
    const program = `
    import { OrchestratorMCPClient } from './.claude/lib/orchestrator-mcp-client.js';
    const client = new OrchestratorMCPClient();
    const { agents } = await client.queryAgents({ context: 'lead a whole project to its goal', limit: 1 });
    console.log(agents[0].id);
  `;
    const ask = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        cwd: project.root,
        encoding: 'utf8',
        env: { ...process.env, MCP_PORT: '' },
      });

    it('answers in a project of CommonJS, with the server and without it', async () => {
      project.write('package.json', '{ "type": "commonjs" }');
      await project.run('init');
      expect(ask()).toMatchObject({ stdout: 'project:project-orchestrator\n', status: 0 });
      await project.run('stop');
      expect(ask()).toMatchObject({ stdout: 'project:project-orchestrator\n', status: 0 });
    });
  },
);

describe.skipIf(!isBuilt)('the scripts that init lays down', { timeout: 60_000 }, () => {
  it('serve a copy of the .claude folder in another project', async () => {
    await project.run('init');
    const copy = join(project.base, 'a copy');
    mkdirSync(copy);
    // Without the data, in which the server is at work.
    const filter = (source: string): boolean => !source.endsWith('/data');
    cpSync(join(project.root, '.claude'), join(copy, '.claude'), { recursive: true, filter });

    expect(sh(join(copy, '.claude/status.sh')).status).toBe(1);
    const init = sh(join(copy, '.claude/init.sh'));
    expect(init.stdout).toContain(`Callsheet serves ${copy}`);
    expect(init.status).toBe(0);
    const status = sh(join(copy, '.claude/status.sh'), '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true });
    expect(JSON.parse(status.stdout).pid).not.toBe((await project.status()).pid);
    expect(JSON.parse(readFileSync(join(copy, '.mcp.json'), 'utf8')).mcpServers).toHaveProperty('callsheet');

    expect(sh(join(copy, '.claude/stop.sh')).stdout).toBe('callsheet stopped\n');
    expect((await project.status()).running).toBe(true);
    const gone = await project.runIn(copy, 'uninstall', copy, '--purge');
    expect(gone.code).toBe(0);
    expect(existsSync(join(copy, '.claude/init.sh'))).toBe(false);
    expect(existsSync(join(copy, '.mcp.json'))).toBe(false);
    expect(existsSync(join(project.root, '.mcp.json'))).toBe(true);
  });

  it('say what to do where there is no Callsheet', async () => {
    await project.run('init');
    const script = join(project.root, '.claude/lib/callsheet.sh');
    writeFileSync(script, readFileSync(script, 'utf8').replace(/^recorded=.*$/m, "recorded='/nowhere'"));
    const { status, stderr } = sh(join(project.root, '.claude/init.sh'));
    expect(status).toBe(1);
    expect(stderr).toContain('Callsheet was not found: not in /nowhere');
  });

  it('say what to do where there is no Node', async () => {
    await project.run('init');
    const script = join(project.root, '.claude/lib/callsheet.sh');
    const { status, stderr } = spawnSync('/bin/sh', [script, 'status'], {
      encoding: 'utf8',
      env: { PATH: toolsWithoutNode() },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('there is no "node" on the PATH');
  });

  it('say what to do where Node is too old', async () => {
    await project.run('init');
    const tools = toolsWithoutNode();
    const old = '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.0\nexit 1\n';
    writeFileSync(join(tools, 'node'), old, { mode: 0o755 });
    const script = join(project.root, '.claude/lib/callsheet.sh');
    const options = { encoding: 'utf8', env: { PATH: tools } } as const;
    const { status, stderr } = spawnSync('/bin/sh', [script, 'status'], options);
    expect(status).toBe(1);
    expect(stderr).toContain('needs Node.js 20.19 or newer; this is v18.20.0');
  });

  it('are POSIX sh', () => {
    const checkout = join(import.meta.dirname, '../..');
    const templates = ['init.sh', 'stop.sh', 'status.sh', 'lib/callsheet.sh'];
    const scripts = ['bin/supervise.sh', ...templates.map((name) => `templates/claude/${name}`)];
    for (const script of scripts) execFileSync('sh', ['-n', join(checkout, script)]);
  });
});
