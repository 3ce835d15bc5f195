import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locate } from './discovery.ts';
import { detectPlatform, type Platform } from './platform.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'client-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function platform(env: Platform['env'] = {}, cwd: string = root): Platform {
  return { ...detectPlatform(), env, cwd };
}

function writeState(state: unknown): void {
  mkdirSync(join(root, '.claude/mcp-server'), { recursive: true });
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  writeFileSync(join(root, '.claude/mcp-server/state.json'), text);
}

describe('locate', () => {
  it('prefers the option, then MCP_URL, then MCP_PORT, then the state file', () => {
    writeState({ port: 3705 });
    const env = { MCP_URL: 'http://127.0.0.1:2', MCP_PORT: '3' };
    expect(locate({ url: 'http://127.0.0.1:1' }, platform(env)).url).toBe('http://127.0.0.1:1');
    expect(locate({}, platform(env)).url).toBe('http://127.0.0.1:2');
    expect(locate({}, platform({ MCP_PORT: '3' })).url).toBe('http://127.0.0.1:3');
    expect(locate({}, platform()).url).toBe('http://127.0.0.1:3705');
  });

  it('finds the state file above the working directory, or under the root given', () => {
    writeState({ url: 'http://127.0.0.1:3706' });
    const deep = join(root, 'a/b');
    mkdirSync(deep, { recursive: true });
    expect(locate({}, platform({}, deep)).url).toBe('http://127.0.0.1:3706');
    expect(locate({ root }, platform({}, '/')).url).toBe('http://127.0.0.1:3706');
  });

  it('asks no other project while the own server is away', () => {
    writeState({ port: 3705 });
    const folder = join(root, '.claude/mcp-server');
    writeFileSync(join(folder, 'registry.json'), '{}');
    expect(locate({}, platform()).url).toBe('http://127.0.0.1:3705');
    rmSync(join(folder, 'state.json'));
    expect(locate({}, platform()).url).toBeUndefined();
    expect(locate({ root }, platform({}, '/')).url).toBeUndefined();
    expect(locate({}, platform({ MCP_PORT: '3' })).url).toBe('http://127.0.0.1:3');
  });

  it('trusts no state file that names another machine or another project', () => {
    for (const state of [
      { url: 'http://203.0.113.7:3700' },
      { url: 'http://127.0.0.1.example.com:3700' },
      { url: 'https://127.0.0.1:3700' },
      { url: 'http://127.0.0.1:3706', project: `${root}-copied-from` },
    ]) {
      writeState(state);
      expect(locate({}, platform()).url).toBe('http://127.0.0.1:3700');
    }
    const own = networkInterfaces();
    const address =
      Object.values(own)
        .flat()[0]
        ?.address.replace(/^.*:.*$/, '[$&]') ?? '127.0.0.1';
    for (const url of ['http://[::1]:3706', 'http://0.0.0.0:3706', `http://${address}:3706`]) {
      writeState({ url, project: realpathSync(root) });
      expect(locate({}, platform()).url).toBe(url);
    }
  });

  it('knows its project through a symbolic link', () => {
    writeState({ url: 'http://127.0.0.1:3706', project: realpathSync(root) });
    const link = `${root}-link`;
    symlinkSync(root, link, 'dir');
    expect(locate({ root: link }, platform({}, '/')).url).toBe('http://127.0.0.1:3706');
    rmSync(link);
  });

  it('falls back to the usual port where nothing says anything sensible', () => {
    writeState('{ broken');
    expect(locate({}, platform({ MCP_PORT: 'x' })).url).toBe('http://127.0.0.1:3700');
    expect(locate({}, { env: {}, cwd: undefined, files: undefined, addresses: () => [] })).toEqual({
      url: 'http://127.0.0.1:3700',
      stateFolder: undefined,
    });
  });
});
