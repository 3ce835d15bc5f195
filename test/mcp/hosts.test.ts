/** docs/hosts.md tells the truth: each of its blocks starts a server, or reaches one. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newClient, openProject, overHttp, type Project, program, serve } from './session.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/hosts.md'), 'utf8');

interface Entry {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly url?: string;
}

interface Block {
  readonly host: string;
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = page.split(/^## /m).flatMap((section) => {
  const host = section.slice(0, section.indexOf('\n'));
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', text = '']) => ({
    host,
    language,
    text,
  }));
});

const readers: Readonly<Record<string, (text: string) => Entry>> = {
  sh: (text) => {
    const line = text.trim();
    const [command = '', ...args] = (
      line.split(' -- ')[1] ?? line.replace(/^gemini mcp add callsheet /, '')
    ).split(' ');
    return { command, args };
  },
  json: (text) => {
    const { mcpServers, servers } = JSON.parse(text) as Record<string, Record<string, Entry>>;
    return (mcpServers ?? servers)?.callsheet ?? {};
  },
  toml: (text) => {
    expect(text).toMatch(/^\[mcp_servers\.callsheet\]\n/);
    const value = (key: string) => JSON.parse(new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? 'null');
    return { command: value('command'), args: value('args') };
  },
};

describe('docs/hosts.md', () => {
  let project: Project;
  let bin: string;
  beforeAll(async () => {
    project = await openProject(true);
    bin = mkdtempSync(join(tmpdir(), 'callsheet-bin-'));
    const shim = join(bin, 'callsheet');
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(shim, 0o755);
  });
  afterAll(async () => {
    await project.remove();
    rmSync(bin, { recursive: true, force: true });
  });

  it('names the hosts', () => {
    const hosts = new Set(blocks.map(({ host }) => host));
    expect([...hosts]).toEqual([
      'Claude Code',
      'Codex',
      'Cursor',
      'VS Code',
      'Gemini CLI',
      'Any host, over HTTP',
    ]);
  });

  const tested = blocks.filter(({ language }) => language !== 'text');
  it.each(tested.map((block, i) => [`${block.host}, block ${i + 1}`, block] as const))(
    '%s',
    async (_name, block) => {
      const entry = readers[block.language]?.(block.text) ?? {};
      const client = newClient('legacy');
      if (entry.url !== undefined) {
        const served = await serve(project);
        expect(new URL(entry.url).href).toBe('http://127.0.0.1:3700/mcp');
        await overHttp(served.url, client);
        expect((await client.listTools()).tools).toHaveLength(6);
        await client.close();
        await served.stop();
        return;
      }
      const { command = '', args = [] } = entry;
      const env = {
        ...(process.env as Record<string, string>),
        PATH: `${bin}${delimiter}${process.env.PATH}`,
      };
      await client.connect(
        new StdioClientTransport({ command, args: [...args], env, cwd: project.folder, stderr: 'ignore' }),
      );
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toContain('agent://web/react-specialist');
      await client.close();
    },
  );
});
