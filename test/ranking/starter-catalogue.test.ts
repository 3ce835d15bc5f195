/** The starter catalogue is sound: nothing in it is unreadable, dangling, hidden by a namesake or out of bounds. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry, Snapshot } from '../../src/catalog/snapshot.ts';
import type { KindName } from '../../src/protocol/entities.ts';
import { indexStarter, project, readQueries } from './starter-catalogue.ts';

const kinds: readonly KindName[] = ['agent', 'skill', 'workflow'];
const plugins = readdirSync(join(project, 'plugins'));

let snapshot: Snapshot;
let copy: string;

beforeAll(async () => {
  ({ snapshot, copy } = await indexStarter());
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const all = (): Entry[] => kinds.flatMap((kind) => snapshot.entries(kind));
const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);

describe('the starter catalogue', () => {
  it('is read without a problem', () => {
    expect(snapshot.problems).toEqual([]);
  });

  it('is large enough to be useful', () => {
    const { agents, skills, workflows, roles } = snapshot.counts;
    expect(agents).toBeGreaterThanOrEqual(40);
    expect(plugins.length).toBeGreaterThanOrEqual(12);
    expect(skills).toBeGreaterThanOrEqual(8);
    expect(workflows).toBeGreaterThanOrEqual(10);
    expect(roles).toBeGreaterThanOrEqual(25);
  });

  it('loses no file to a namesake', () => {
    const definition =
      /^[^/]+\/(agents\/.+\.md|skills\/[^/]+\/SKILL\.md|commands\/.+\.md|workflows\/.+\.js)$/;
    const files = readdirSync(join(project, 'plugins'), { recursive: true, encoding: 'utf8' });
    const expected = files.filter((file) => definition.test(file)).map((file) => `plugins/${file}`);
    expect(
      all()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(expected.sort());
  });

  it('describes each definition in 60 to 600 characters', () => {
    const outside = all().filter(({ description: { length } }) => length < 60 || length > 600);
    expect(idsOf(outside)).toEqual([]);
  });

  it('says who an agent is in a first sentence that short answers do not cut', () => {
    const long = snapshot
      .entries('agent')
      .filter(({ description }) => (/^.+?[.?!](?= |$)/.exec(description)?.[0].length ?? 0) > 200);
    expect(idsOf(long)).toEqual([]);
  });

  it('gives each agent four to eight tags and a model', () => {
    const odd = snapshot
      .entries('agent')
      .filter(({ capabilities: { length }, model }) => length < 4 || length > 8 || model === undefined);
    expect(idsOf(odd)).toEqual([]);
  });

  it('gives each skill a category and keywords', () => {
    const odd = snapshot.entries('skill').filter((skill) => !skill.category || skill.capabilities.length < 3);
    expect(idsOf(odd)).toEqual([]);
  });

  it('calls each plugin as its folder, and lists real plugins in its marketplace', () => {
    const named = plugins.map((plugin) => readName(join('plugins', plugin, '.claude-plugin/plugin.json')));
    expect(named).toEqual(plugins);
    const { plugins: listed } = readJson('.claude-plugin/marketplace.json') as {
      plugins: { name: string }[];
    };
    const beside = listed.map(({ name }) => name).filter((name) => !plugins.includes(name));
    expect(beside).toEqual(['callsheet']);
  });
});

describe('references in the starter catalogue', () => {
  it('lead to agents wherever a text hands work over', async () => {
    const dangling: string[] = [];
    const silent: string[] = [];
    for (const entry of all()) {
      const { body } = await snapshot.readDefinition(entry);
      const references = [...body.matchAll(/[`']([a-z][a-z-]*:[a-z][a-z-]*)[`']/g)].map(([, id]) => id);
      // Orchestrators know no colleague by name: they ask for them.
      if (references.length === 0 && entry.plugin !== 'orchestration') silent.push(entry.id);
      for (const id of references) if (!snapshot.get(id, 'agent')) dangling.push(`${entry.id} → ${id}`);
    }
    expect({ dangling, silent }).toEqual({ dangling: [], silent: [] });
  });

  it('lead to skills wherever a text names one', async () => {
    const dangling: string[] = [];
    for (const entry of all()) {
      const { body } = await snapshot.readDefinition(entry);
      for (const [, name] of body.matchAll(/\bskill `([^`]+)`/g))
        if (!snapshot.resolve(name, 'skill').entry) dangling.push(`${entry.id} → ${name}`);
    }
    expect(dangling).toEqual([]);
  });

  it('lead to the neighbours that descriptions refer to', () => {
    const dangling = snapshot.entries('agent').flatMap(({ id, description }) =>
      neighboursOf(description)
        .filter((name) => !snapshot.resolve(name, 'agent').entry)
        .map((name) => `${id} → ${name}`),
    );
    const alone = snapshot
      .entries('agent')
      .filter(({ description }) => neighboursOf(description).length === 0);
    expect({ dangling, alone: idsOf(alone) }).toEqual({ dangling: [], alone: [] });
  });

  it('give workflows steps and agents', () => {
    const odd = snapshot
      .entries('workflow')
      .filter(({ steps = [], agents = [] }) => steps.length < 4 || agents.length < 3);
    expect(idsOf(odd)).toEqual([]);
  });

  it('give each role a primary and a stand-in', () => {
    const odd = snapshot.roles.all.filter(({ primary, fallbacks }) => !primary || fallbacks.length === 0);
    expect(odd.map(({ name }) => name)).toEqual([]);
    expect(snapshot.roles.get('frontend_developer')?.agents).toEqual([
      'frontend:frontend-developer',
      'backend:fullstack-developer',
      'frontend:react-specialist',
    ]);
    expect(snapshot.roles.get('backend_developer')?.agents).toEqual([
      'backend:backend-developer',
      'backend:fullstack-developer',
      'languages:python-developer',
    ]);
  });
});

describe('what the starter catalogue tries', () => {
  it('a name two plugins share: both by id, one by name', () => {
    expect(snapshot.get('frontend:performance-engineer', 'agent')?.plugin).toBe('frontend');
    expect(snapshot.resolve('performance-engineer', 'agent')).toMatchObject({
      entry: { id: 'backend:performance-engineer' },
      also: [{ id: 'frontend:performance-engineer' }],
    });
  });

  it('a command in a folder, one without a head, and a script read as data', () => {
    expect(snapshot.get('data:schema/migrate', 'workflow')?.arguments).toBe('<table and change>');
    expect(snapshot.get('docs:document-service', 'workflow')?.description).toMatch(/^Document a service/);
    expect(snapshot.get('backend:tune-performance', 'workflow')?.plan?.[0]).toEqual({
      title: 'Measure in all layers',
      agents: ['backend:performance-engineer', 'data:query-optimizer', 'frontend:performance-engineer'],
      parallel: true,
    });
  });

  it('phases that run in parallel', () => {
    const plan = snapshot.get('product:build-feature', 'workflow')?.plan ?? [];
    expect(plan.map(({ title, parallel }) => [title, parallel])).toEqual([
      ['Clarify', false],
      ['Design', false],
      ['Build (parallel)', true],
      ['Join and test', false],
      ['Review (parallel)', true],
      ['Prepare the roll-out', false],
    ]);
  });

  it('an agent that inherits its model', () => {
    expect(snapshot.get('quality:code-reviewer', 'agent')?.model).toBe('inherit');
  });
});

describe('the labelled queries', () => {
  const queries = readQueries();

  it('are many, distinct, and some have no answer', () => {
    expect(queries.length).toBeGreaterThanOrEqual(120);
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
    expect(new Set(queries.map(({ kind, query }) => `${kind} ${query}`)).size).toBe(queries.length);
    expect(queries.filter(({ style }) => style === 'none').length).toBeGreaterThanOrEqual(12);
  });

  it('name definitions that exist, one of them right, unless nothing is', () => {
    const odd = queries.filter(({ kind, style, relevant }) => {
      const known = Object.keys(relevant).every((name) => snapshot.resolve(name, kind).entry);
      return !known || Object.values(relevant).includes(2) !== (style !== 'none');
    });
    expect(odd).toEqual([]);
  });

  it('are answered right where the first run asks', () => {
    const question = 'customers get logged out at random, find out why';
    const [first] = snapshot.search('agent', { text: question, limit: 1 }).hits;
    const labels = queries.find(({ query }) => query === question)?.relevant ?? {};
    expect(labels[snapshot.get(first?.id ?? '', 'agent')?.name ?? '']).toBe(2);
  });
});

/** Agents in brackets after "Not for": who should be asked instead. */
function neighboursOf(description: string): string[] {
  const instead = description.slice(description.indexOf('Not for'));
  return [...instead.matchAll(/\(([a-z:-]+(?:, [a-z:-]+)*)\)/g)].flatMap(([, names]) => names.split(', '));
}

function readName(path: string): string {
  return (readJson(path) as { name: string }).name;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(project, path), 'utf8'));
}
