/** Files nobody would write on purpose, or somebody would: all are survived, and all are told of. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTree, definition, read, write } from './tree.ts';

/** Names of the agents and what was wrong, for a root with these files. */
async function agentsOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const { entries, problems } = await read(createTree(files));
  return { agents: entries.agent, names: entries.agent.map(({ name }) => name), problems };
}

const good = { 'agents/good.md': definition('good') };

describe('bytes that are no clean text', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['10 MB', Buffer.alloc(10 * 1024 * 1024, 'x'), 'The file is larger than 1 MiB, so it was not read.'],
    [
      'a picture',
      Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 73) % 256)),
      'The file is not text, so it was not read.',
    ],
    ['nothing', '', 'The file is empty.'],
    ['white space', ' \n\n\t\n', 'The file is empty.'],
    [
      'UTF-16 without a mark',
      Buffer.from(definition('wide'), 'utf16le'),
      'The file is not text, so it was not read.',
    ],
  ])('leaves out %s and says so', async (_, content, cause) => {
    const { names, problems } = await agentsOf({ ...good, 'agents/bad.md': content });
    expect(names).toEqual(['good']);
    expect(problems).toMatchObject([{ file: 'agents/bad.md', cause }]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['NUL', Buffer.from(definition('bad').replace('Does', 'D\0oes')), /NUL/],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from(definition('bad')), Buffer.from([0xc3, 0x28, 0xff])]),
      /UTF-8/,
    ],
  ])('reads around %s and says so', async (_, content, cause) => {
    const { names, agents, problems } = await agentsOf({ 'agents/bad.md': content });
    expect(names).toEqual(['bad']);
    expect(agents[0].description).toBe('Does bad.');
    expect(problems).toMatchObject([{ cause: expect.stringMatching(cause) }]);
  });

  it.each<[string, Uint8Array | string]>([
    ['a byte order mark', `\ufeff${definition('fine')}`],
    ['CRLF', definition('fine').replaceAll('\n', '\r\n')],
    ['CR alone', definition('fine').replaceAll('\n', '\r')],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${definition('fine')}`, 'utf16le')],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${definition('fine')}`, 'utf16le').swap16()],
  ])('reads %s without a word', async (_, content) => {
    const { agents, problems } = await agentsOf({ 'agents/fine.md': content });
    expect(agents).toMatchObject([{ name: 'fine', description: 'Does fine.' }]);
    expect(problems).toEqual([]);
  });
});

describe('links', () => {
  const outside = 'A link leads out of the root.';

  it('follows no file out of the root', async () => {
    const elsewhere = createTree({ 'secret.md': definition('secret') });
    const root = createTree(good);
    symlinkSync(join(elsewhere, 'secret.md'), join(root, 'agents/secret.md'));
    const { entries, problems } = await read(root);
    expect(entries.agent.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toMatchObject([{ file: 'agents/secret.md', cause: outside }]);
  });

  it.each(['agents', 'agents/more', '.claude', 'plugins/other'])(
    'follows no folder out of the root: %s',
    async (place) => {
      const elsewhere = createTree({ 'a.md': definition('a'), 'agents/b.md': definition('b') });
      const root = createTree({
        'plugins/p/agents/good.md': definition('good'),
        ...(place.includes('/more') && good),
      });
      symlinkSync(elsewhere, join(root, place));
      const { entries, problems } = await read(root);
      expect(new Set(entries.agent.map(({ name }) => name))).toEqual(new Set(['good']));
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every(({ file, cause }) => file.startsWith(place) && cause === outside)).toBe(true);
    },
  );

  it('follows links inside the root, and counts a file once', async () => {
    const root = createTree({ 'shared/agents/a.md': definition('a') });
    write(root, { '.claude/x': '' });
    symlinkSync('../shared/agents', join(root, '.claude/agents'));
    symlinkSync('shared/agents', join(root, 'agents'));
    const { entries, problems } = await read(root);
    expect(entries.agent.map(({ id }) => id)).toEqual(['project:a']);
    expect(problems).toEqual([]);
  });

  it('accepts a root that is a link itself', async () => {
    const target = createTree(good);
    const link = join(createTree(), 'link');
    symlinkSync(target, link);
    expect((await read(link)).entries.agent).toHaveLength(1);
  });

  it('cuts loops', async () => {
    const root = createTree(good);
    symlinkSync('..', join(root, 'agents/up'));
    symlinkSync('round', join(root, 'agents/round'));
    symlinkSync('nowhere.md', join(root, 'agents/dangling.md'));
    const { entries, problems } = await read(root);
    expect(entries.agent.map(({ name }) => name)).toEqual(['good']);
    expect(problems.map(({ file, cause }) => [file, cause])).toEqual([
      ['agents/dangling.md', 'A link leads nowhere.'],
      ['agents/round', 'A link leads back to a folder above it.'],
      ['agents/up/agents', 'A link leads back to a folder above it.'],
    ]);
  });

  it('is not held up by a pipe', async () => {
    const root = createTree(good);
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(root, 'agents/pipe.md')]);
    expect((await read(root)).entries.agent.map(({ name }) => name)).toEqual(['good']);
  });
});

describe('manifests', () => {
  it('leave their folder nowhere', async () => {
    const root = createTree({
      'repo/.claude-plugin/marketplace.json': JSON.stringify({
        plugins: [
          { name: 'evil', source: '../..' },
          { name: 'worse', source: '/etc' },
          { name: 'odd', source: './plugins/../../outside' },
        ],
      }),
      'repo/plugins/p/.claude-plugin/plugin.json': JSON.stringify({
        name: 'p',
        agents: ['../../../outside/agents', '/etc/passwd', 'C:\\x', 'a\0b'],
        skills: '../..',
      }),
      'repo/plugins/p/agents/good.md': definition('good'),
      'outside/agents/secret.md': definition('secret'),
    });
    const { entries, problems } = await read(join(root, 'repo'));
    expect(entries.agent.map(({ id }) => id)).toEqual(['p:good']);
    expect(problems.map(({ file, cause }) => [file, cause.slice(0, 44)])).toEqual([
      ['.claude-plugin/marketplace.json', 'It lists 3 plugin folders that do not exist '],
      ['plugins/p/.claude-plugin/plugin.json', 'It lists 5 paths that do not exist in its fo'],
    ]);
  });

  it('are a problem when they are no JSON, and the folders stand', async () => {
    const root = createTree({
      'plugins/p/.claude-plugin/plugin.json': '{ name: p',
      'plugins/p/agents/good.md': definition('good'),
      '.claude-plugin/marketplace.json': '[]',
      '.claude/settings.json': '\0\0\0',
    });
    const { entries, problems } = await read(root);
    expect(entries.agent.map(({ id }) => id)).toEqual(['p:good']);
    expect(problems.map(({ file }) => file)).toEqual([
      '.claude-plugin/marketplace.json',
      '.claude/settings.json',
      'plugins/p/.claude-plugin/plugin.json',
    ]);
  });

  it('may list paths that do not exist: one problem, and the default folder is read', async () => {
    const listed = Array.from({ length: 157 }, (_, i) => `./categories/agent-${i}.md`);
    const root = createTree({
      'plugins/p/.claude-plugin/plugin.json': JSON.stringify({ name: 'p', agents: listed }, null, 2),
      'plugins/p/agents/good.md': definition('good'),
    });
    const { entries, problems } = await read(root);
    expect(entries.agent.map(({ id }) => id)).toEqual(['p:good']);
    expect(problems).toMatchObject([
      { file: 'plugins/p/.claude-plugin/plugin.json', line: 4, cause: expect.stringContaining('157 paths') },
    ]);
  });
});

describe('texts', () => {
  it('lose control characters and what turns or hides text', async () => {
    const { agents } = await agentsOf({
      'agents/a.md': definition('tr\u202eoj\u2066an\u200b', 'Safe\u001b[31m \u202etxt\u0007 \u{e0041}end.'),
    });
    expect(agents).toMatchObject([{ name: 'trojan', description: 'Safe[31m txt end.' }]);
  });

  it('are capped', async () => {
    const { agents } = await agentsOf({
      'agents/a.md': definition('n'.repeat(10_000), 'long words '.repeat(2_000)),
    });
    expect(agents[0].name.length).toBeLessThanOrEqual(120);
    expect(agents[0].description.length).toBeLessThanOrEqual(4000);
    expect(agents[0].description.endsWith('…')).toBe(true);
  });

  it.each([
    'a/b',
    'a:b',
    '🚀 rocket',
    'Names With Spaces',
    '名前',
    '../../etc/passwd',
    'constructor',
    '__proto__',
  ])('may be called %s', async (name) => {
    const { entries, names, problems } = await read(
      createTree({ 'agents/x.md': definition(JSON.stringify(name)) }),
    );
    expect(entries.agent).toMatchObject([{ id: `project:${name}`, name, path: 'agents/x.md' }]);
    expect(names.resolve(name).entry?.id).toBe(`project:${name}`);
    expect(names.get(`project:${name}`)?.name).toBe(name);
    expect(problems).toEqual([]);
  });

  it('with names of nothing but hidden characters are called as their files', async () => {
    const { names } = await agentsOf({ 'agents/plain.md': definition('"\u200b\u202e"') });
    expect(names).toEqual(['plain']);
  });

  it('with one id: the first in path order wins, the other is a problem', async () => {
    const { agents, problems } = await agentsOf({
      'agents/b.md': definition('twin', 'Second.'),
      'agents/a.md': definition('twin', 'First.'),
    });
    expect(agents).toMatchObject([{ id: 'project:twin', description: 'First.' }]);
    expect(problems).toMatchObject([{ file: 'agents/b.md', cause: expect.stringContaining('agents/a.md') }]);
  });

  it('without a name or a description are told of', async () => {
    const { names, problems } = await agentsOf({
      'agents/nameless.md': '---\ndescription: Does it.\n---\n',
      'agents/silent.md': '---\nname: silent\n---\n# Silent\n\nSays it in its text.\n',
      'agents/notes.md': 'Just notes.\n',
      'agents/README.md': '# Agents\n',
    });
    expect(names).toEqual(['nameless', 'silent']);
    expect(problems.map(({ file, line, cause }) => [file, line, cause])).toEqual([
      ['agents/nameless.md', 1, 'The agent has no name.'],
      ['agents/notes.md', 1, 'It has no frontmatter, so it is no agent.'],
      ['agents/silent.md', 1, 'The agent has no description.'],
    ]);
  });
});

describe('registries', () => {
  it('that are no YAML are a problem with its line', async () => {
    const root = createTree({ '.claude/agent-registry.yml': 'roles:\n  a: [b\n  c: d\n' });
    const { roles, problems } = await read(root);
    expect(roles.all).toEqual([]);
    expect(problems).toMatchObject([{ file: '.claude/agent-registry.yml', line: expect.any(Number) }]);
  });

  it('may be anything', async () => {
    for (const text of [
      '',
      '[]',
      'text',
      '42',
      '__proto__: {primary: x}',
      'roles: 3',
      'roles: {a: null, b: [], c: {}}',
      'version: "1"',
    ]) {
      const { roles } = await read(createTree({ 'agent-registry.yml': text, ...good }));
      expect(roles.all, text).toEqual([]);
    }
  });
});
