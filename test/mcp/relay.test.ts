/** A host's pipe through its life: nothing but protocol on it, a server that dies, changes, a host that goes away. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  newClient,
  openProject,
  overStdio,
  type Project,
  program,
  type Serving,
  serve,
  spawnMcp,
} from './session.ts';

let project: Project;
let served: Serving | undefined;

beforeEach(async () => {
  project = await openProject();
});

afterEach(async () => {
  await served?.stop();
  served = undefined;
  await project.remove();
});

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const call = (id: number, args: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'find_agents', arguments: args },
});
const search = { name: 'find_agents', arguments: { context: 'slow SQL queries' } };

async function linesOf(child: ChildProcess): Promise<string[]> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return text.split('\n').filter((line) => line !== '');
}

describe('a pipe', () => {
  it('answers what was asked before its input ended, and holds nothing but messages', async () => {
    const child = spawnMcp(project);
    const sent = [
      initialize,
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      call(2, { context: 'css' }),
    ];
    child.stdin.end(`${sent.map((message) => JSON.stringify(message)).join('\n')}\n`);
    const answers = (await linesOf(child)).map((line) => JSON.parse(line) as { id: number; result?: object });
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2]);
    expect(answers.find(({ id }) => id === 1)?.result).toMatchObject({ protocolVersion: '2025-06-18' });
  });

  it('answers a line that is no message with an error and goes on', async () => {
    const child = spawnMcp(project);
    child.stdin.end(`this is not JSON\n${JSON.stringify(initialize)}\n`);
    const answers = (await linesOf(child)).map((line) => JSON.parse(line) as { id: unknown; error?: object });
    expect(answers).toContainEqual(
      expect.objectContaining({ id: null, error: expect.objectContaining({ code: -32700 }) }),
    );
    expect(answers.some(({ id }) => id === 1)).toBe(true);
  });

  it('gives a refusal the id of its request', async () => {
    const child = spawnMcp(project);
    const large = call(7, { context: 'x'.repeat(1_100_000) });
    child.stdin.end(`${JSON.stringify(initialize)}\n${JSON.stringify(large)}\n`);
    const answers = (await linesOf(child)).map((line) => JSON.parse(line) as { id: unknown; error?: object });
    expect(answers.find(({ id }) => id === 7)?.error).toMatchObject({ code: -32600 });
  });

  it('ends when the process that started it is gone, though its input stays open', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ${JSON.stringify([program, 'mcp', ...project.place])}, { stdio: ['inherit', 'ignore', 'ignore'] });
      console.log(child.pid);`;
    const parent = spawn(process.execPath, ['-e', script], {
      cwd: project.folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow(), {
      timeout: 15_000,
      interval: 200,
    });
    parent.stdin.destroy();
  });

  it('ends when a signal asks for it, and leaves nothing in the temporary folder', async () => {
    const folder = join(project.folder, '.tmp');
    await mkdir(folder);
    const child = spawnMcp(project, { TMPDIR: folder, TEMP: folder });
    child.stdin.write(`${JSON.stringify(initialize)}\n`);
    await once(child.stdout as Readable, 'data');
    expect(await readdir(folder)).toEqual([expect.stringMatching(`^callsheet-session-${child.pid}-`)]);
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.each(['legacy', 'modern'] as const)('a %s session through a pipe', (era) => {
  it('survives the death of its server', async () => {
    served = await serve(project);
    const said: string[] = [];
    const client = await overStdio(project, newClient(era), said);
    await client.callTool(search);
    await vi.waitFor(() => expect(said.join('')).toContain(served?.url));
    await served.stop('SIGKILL');
    const found = await client.callTool(search);
    expect(found.structuredContent).toMatchObject({ agents: [{ id: 'api:database-tuner' }, {}, {}] });
    expect(said.join('')).toContain('answers come from this process');
    await client.close();
  });

  it('is told that lists changed, by a server that took the place of another one, too', async () => {
    served = await serve(project);
    const onChanged = vi.fn();
    const client = await overStdio(project, newClient(era, { listChanged: { prompts: { onChanged } } }));
    await client.callTool(search);
    await addWorkflow('first');
    await fetch(`${served.url}/reindex`, { method: 'POST' });
    await vi.waitFor(() => expect(named(onChanged)).toContain('web:first'), { timeout: 10_000 });
    await served.stop();
    served = await serve(project);
    await addWorkflow('second');
    await vi.waitFor(
      async () => {
        await fetch(`${served?.url}/reindex`, { method: 'POST' });
        expect(named(onChanged)).toContain('web:second');
      },
      { timeout: 25_000, interval: 500 },
    );
    await client.close();
  }, 60_000);
});

function addWorkflow(name: string): Promise<void> {
  const text = `---\ndescription: The ${name} of all workflows.\n---\n\nDo it.\n`;
  return writeFile(join(project.folder, 'plugins/web/commands', `${name}.md`), text);
}

/** Names in the list that the client was told of last. */
function named(onChanged: ReturnType<typeof vi.fn>): string[] {
  const [, prompts] = (onChanged.mock.lastCall ?? []) as [unknown, { name: string }[] | undefined];
  return (prompts ?? []).map(({ name }) => name);
}
