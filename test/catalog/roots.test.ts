/** Where definitions lie, what they are called, and who wins among namesakes. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Root } from '../../src/catalog/layout.ts';
import { createTree, definition, read } from './tree.ts';

const idsOf = (entries: readonly { id: string }[]): string[] => entries.map(({ id }) => id);

describe('places', () => {
  it('reads a project: its scope, its plugins, its bare folders', async () => {
    const root = createTree({
      '.claude/agents/own.md': definition('own'),
      '.claude/skills/tdd/SKILL.md': definition('tdd'),
      '.claude/commands/ship.md': 'Ship it.\n',
      'agents/bare.md': definition('bare'),
      'plugins/web/agents/react.md': definition('react'),
      'plugins/web/agents/deep/vue.md': definition('vue'),
      'plugins/web/skills/flat.md': definition('flat'),
      'plugins/web/commands/sub/build.md': 'Build it.\n',
      'plugins/web/workflows/release.js':
        "export const meta = { name: 'release', description: 'Releases.' };\n",
    });
    const { entries, problems } = await read(root);
    expect(idsOf(entries.agent)).toEqual(['project:own', 'project:bare', 'web:vue', 'web:react']);
    expect(idsOf(entries.skill)).toEqual(['project:tdd', 'web:flat']);
    expect(idsOf(entries.workflow)).toEqual(['project:ship', 'web:sub/build', 'web:release']);
    expect(problems).toEqual([]);
  });

  it('takes a skill’s folder as one, whatever else lies in it', async () => {
    const root = createTree({
      'skills/tdd/SKILL.md': definition('tdd'),
      'skills/tdd/reference.md': definition('reference'),
      'skills/tdd/examples/inner/SKILL.md': definition('inner'),
      'skills/group/one/SKILL.md': definition('one'),
    });
    const { entries } = await read(root);
    expect(entries.skill.map(({ id, category }) => [id, category])).toEqual([
      ['project:one', 'group'],
      ['project:tdd', undefined],
    ]);
  });

  it('takes a skill’s folder named by a manifest as one, too', async () => {
    const root = createTree({
      '.claude-plugin/plugin.json': JSON.stringify({
        name: 'p',
        skills: ['./extra/tdd', './extra/solo/SKILL.md'],
      }),
      'extra/tdd/SKILL.md': '---\ndescription: Tests first.\n---\n',
      'extra/tdd/reference.md': definition('reference'),
      'extra/solo/SKILL.md': '---\ndescription: Alone.\n---\n',
      'skills/own/SKILL.md': definition('own'),
    });
    expect(idsOf((await read(root)).entries.skill)).toEqual(['p:solo', 'p:tdd', 'p:own']);
  });

  it('counts prose in folders of agents as none, and any command as one', async () => {
    const root = createTree({
      'agents/README.md': '# Agents',
      'agents/index.md': '# Index',
      'agents/CHANGELOG.md': '# Changes',
      'agents/team/README.md': definition('readme-agent'),
      'commands/README.md': '# How to use these\n',
    });
    const { entries, problems } = await read(root);
    expect(idsOf(entries.agent)).toEqual(['project:readme-agent']);
    expect(idsOf(entries.workflow)).toEqual(['project:README']);
    expect(problems).toEqual([]);
  });

  it('uses what plugin.json names: agents and commands instead of the folders, skills beside them', async () => {
    const root = createTree({
      'plugins/p/.claude-plugin/plugin.json': JSON.stringify({
        name: 'named',
        agents: './custom/only.md',
        commands: ['./custom/commands'],
        skills: './more',
      }),
      'plugins/p/custom/only.md': definition('only'),
      'plugins/p/custom/commands/c.md': 'Does c.\n',
      'plugins/p/agents/unlisted.md': definition('unlisted'),
      'plugins/p/commands/unlisted.md': 'Unlisted.\n',
      'plugins/p/skills/a/SKILL.md': definition('a'),
      'plugins/p/more/b/SKILL.md': definition('b'),
    });
    const { entries, names } = await read(root);
    expect(idsOf(entries.agent)).toEqual(['named:only']);
    expect(idsOf(entries.workflow)).toEqual(['named:c']);
    expect(idsOf(entries.skill)).toEqual(['named:b', 'named:a']);
    // The folder's name is understood too.
    expect(names.resolve('p:only').entry?.id).toBe('named:only');
  });

  it('finds plugins where marketplace.json says, and several in one folder', async () => {
    const root = createTree({
      '.claude-plugin/marketplace.json': JSON.stringify({
        metadata: { pluginRoot: './packages' },
        plugins: [
          { name: 'market-name', source: 'web' },
          { name: 'docs', source: './', skills: ['./skills/docx'] },
          { name: 'art', source: './', skills: ['./skills/draw'] },
          { name: 'remote', source: { source: 'github', repo: 'a/b' } },
          { name: 'address', source: 'https://example.com/x.git' },
        ],
      }),
      'packages/web/agents/react.md': definition('react'),
      'skills/docx/SKILL.md': definition('docx'),
      'skills/draw/SKILL.md': definition('draw'),
    });
    const { entries, names, problems } = await read(root);
    expect(idsOf(entries.agent)).toEqual(['web:react']);
    expect(idsOf(entries.skill)).toEqual(['docs:docx', 'art:draw']);
    expect(names.resolve('market-name:react').entry?.id).toBe('web:react');
    expect(problems).toEqual([]);
  });

  it('reads a user’s scope and installed plugins: the enabled ones, in their newest version', async () => {
    const cache = 'plugins/cache/market';
    const root = createTree({
      'agents/mine.md': definition('mine'),
      'skills/own/SKILL.md': definition('own'),
      'settings.json': JSON.stringify({ enabledPlugins: { 'on@market': true, 'off@market': false } }),
      [`${cache}/on/1.9.0/agents/a.md`]: definition('a', 'Old.'),
      [`${cache}/on/1.10.0/agents/a.md`]: definition('a', 'New.'),
      [`${cache}/on/1.10.0-beta.1/agents/a.md`]: definition('a', 'Beta.'),
      [`${cache}/off/1.0.0/agents/b.md`]: definition('b'),
      [`${cache}/unsaid/1.0.0/agents/c.md`]: definition('c'),
    });
    const { entries } = await read([{ path: root, scope: 'user' }]);
    expect(entries.agent.map(({ id, description }) => [id, description])).toEqual([
      ['user:mine', 'Does mine.'],
      ['on:a', 'New.'],
    ]);
    expect(idsOf(entries.skill)).toEqual(['user:own']);
  });

  it('takes all installed plugins where no settings speak, and lets the project’s settings overrule', async () => {
    const user = createTree({ 'plugins/cache/m/p/1.0.0/agents/a.md': definition('a') });
    const project = createTree({ '.claude/settings.local.json': '{"enabledPlugins":{"p@m":false}}' });
    const roots = (paths: Root[]): Root[] => paths;
    expect((await read(roots([{ path: user, scope: 'user' }]))).entries.agent).toHaveLength(1);
    const both = await read([
      { path: project, scope: 'project' },
      { path: user, scope: 'user' },
    ]);
    expect(both.entries.agent).toHaveLength(0);
  });

  it('says that a root is not there, and reads the others', async () => {
    const root = createTree({ 'agents/a.md': definition('a') });
    const { entries, problems } = await read([
      { path: join(root, 'nowhere'), scope: 'project' },
      { path: root, scope: 'project' },
      { path: join(root, 'no-home/.claude'), scope: 'user' },
    ]);
    expect(idsOf(entries.agent)).toEqual(['project:a']);
    expect(problems).toMatchObject([{ root: join(root, 'nowhere'), file: '.' }]);
  });
});

describe('precedence', () => {
  const twin = (where: string): string => definition('twin', `From ${where}.`);

  it('of agents: project, user, plugin, builtin; of skills: user before project', async () => {
    const project = createTree({
      '.claude/agents/twin.md': twin('project'),
      '.claude/skills/twin/SKILL.md': twin('project'),
      'plugins/p/agents/twin.md': twin('plugin'),
      'plugins/p/skills/twin/SKILL.md': twin('plugin'),
    });
    const user = createTree({ 'agents/twin.md': twin('user'), 'skills/twin/SKILL.md': twin('user') });
    const builtin = createTree({ 'plugins/b/agents/twin.md': twin('builtin') });
    const { names } = await read([
      { path: builtin, scope: 'builtin' },
      { path: user, scope: 'user' },
      { path: project, scope: 'project' },
    ]);
    const agent = names.resolve('twin', 'agent');
    expect([agent.entry, ...agent.also].map((entry) => entry?.id)).toEqual([
      'project:twin',
      'user:twin',
      'p:twin',
      'b:twin',
    ]);
    const skill = names.resolve('twin', 'skill');
    expect([skill.entry, ...skill.also].map((entry) => entry?.id)).toEqual([
      'user:twin',
      'project:twin',
      'p:twin',
    ]);
  });

  it('of kinds that share an id: agent, skill, workflow', async () => {
    const root = createTree({
      'plugins/p/commands/twin.md': twin('command'),
      'plugins/p/skills/twin/SKILL.md': twin('skill'),
      'plugins/p/agents/twin.md': twin('agent'),
    });
    const { names } = await read(root);
    const { entry, also } = names.resolve('p:twin');
    expect([entry, ...also].map((found) => found?.kind)).toEqual(['agent', 'skill', 'workflow']);
    expect(names.resolve('p:twin', 'workflow').entry?.kind).toBe('workflow');
    expect(names.get('p:twin')?.kind).toBe('agent');
  });

  it('lets a plugin of the project stand for the builtin one of its name, without a word', async () => {
    const project = createTree({ 'plugins/p/agents/a.md': definition('a', 'Ours.') });
    const builtin = createTree({ 'plugins/p/agents/a.md': definition('a', 'Theirs.') });
    const { entries, problems } = await read([
      { path: project, scope: 'project' },
      { path: builtin, scope: 'builtin' },
    ]);
    expect(entries.agent).toMatchObject([{ id: 'p:a', description: 'Ours.' }]);
    expect(problems).toEqual([]);
  });
});

describe('references', () => {
  it('lead to entries by id, folder, file name, bare name, in any case', async () => {
    const root = createTree({
      'plugins/folder/.claude-plugin/plugin.json': '{"name":"plugin"}',
      'plugins/folder/agents/file-name.md': definition('Code Reviewer'),
    });
    const { names } = await read(root);
    for (const reference of [
      'plugin:Code Reviewer',
      'folder:Code Reviewer',
      'plugin:file-name',
      'folder:file-name',
      'file-name',
      'Code Reviewer',
      'code-reviewer',
      'code_reviewer',
    ]) {
      expect(names.resolve(reference).entry?.id, reference).toBe('plugin:Code Reviewer');
    }
  });

  it('that lead nowhere name what is near', async () => {
    const root = createTree({
      'agents/a.md': definition('code-reviewer'),
      'agents/b.md': definition('painter'),
    });
    const { names } = await read(root);
    const { entry, nearest } = names.resolve('code-reviewr');
    expect(entry).toBeUndefined();
    expect(nearest[0]).toMatchObject({ id: 'project:code-reviewer', name: 'code-reviewer' });
  });

  it('of registries: plugin:agent and bare names, the first registry wins, what is missing is told of', async () => {
    const project = createTree({
      '.claude/agent-registry.yml':
        'roles:\n  reviewer:\n    primary: p:reviewer\n    fallbacks: [helper, gone]\n    capabilities: [code-review]\n    use_when: "reviewing"\n',
      'agent-registry.yml': 'roles:\n  reviewer: {primary: helper}\n  writer: {primary: helper}\n',
      'plugins/p/agents/reviewer.md': definition('reviewer'),
      'agents/helper.md': definition('helper'),
    });
    const { roles, problems, entries } = await read(project);
    expect(roles.all).toMatchObject([
      { name: 'reviewer', primary: 'p:reviewer', fallbacks: ['project:helper'], useWhen: 'reviewing' },
      { name: 'writer', primary: 'project:helper', fallbacks: [] },
    ]);
    expect(roles.ofAgent('p:reviewer')?.name).toBe('reviewer');
    expect(problems).toMatchObject([
      { file: '.claude/agent-registry.yml', line: 4, cause: expect.stringContaining('"gone"') },
    ]);
    expect(entries.agent.find(({ id }) => id === 'p:reviewer')?.capabilities[0]).toBe('code-review');
  });
});
