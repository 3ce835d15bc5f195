/**
 * Thirteen real collections: every file that looks like a definition is an entry, a problem, or prose. The census
 * walks the trees by itself and knows nothing of the catalogue's reader.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/catalog/read.ts';
import { read } from './tree.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const collections = existsSync(corpora) ? readdirSync(corpora).sort() : [];

interface Counted {
  readonly path: string;
  readonly kind: 'agent' | 'skill' | 'workflow';
  /** Whether its head names or describes it. */
  readonly headed: boolean;
}

/** Files of `plugins/<plugin>/{agents,skills,commands}` that look like definitions. */
function census(root: string): Counted[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .flatMap((path) => {
      const [, folder, inside] = /^plugins\/[^/]+\/(agents|skills|commands)\/(.+)$/.exec(path) ?? [];
      if (inside === undefined || !/\.md$/i.test(inside)) return [];
      if (folder === 'skills' && !/(^|\/)SKILL\.md$/i.test(inside) && inside.includes('/')) return [];
      const kind = folder === 'agents' ? 'agent' : folder === 'skills' ? 'skill' : 'workflow';
      const text = readFileSync(join(root, path), 'utf8').slice(0, 5000);
      return [{ path, kind, headed: /^\s*---[\s\S]*?\n\s*(name|description)\s*:/.test(text) } as const];
    });
}

const isProse = (path: string): boolean => /(^|\/)(README|CHANGELOG|index)\.md$/i.test(path);

describe.skipIf(collections.length === 0)('real collections (../shared/corpora)', () => {
  const readings = new Map<string, Promise<Reading>>();
  const reading = (name: string): Promise<Reading> => {
    const known = readings.get(name) ?? read(join(corpora, name));
    readings.set(name, known);
    return known;
  };

  it.each(collections)('%s: no file is silently missing', async (name) => {
    const root = join(corpora, name);
    const { entries, problems } = await reading(name);
    const known = new Map(
      (['agent', 'skill', 'workflow'] as const).map((kind) => [
        kind,
        new Set(entries[kind].map(({ path }) => path)),
      ]),
    );
    const reported = new Set(problems.map(({ file }) => file));
    const missing = census(root).filter(
      ({ path, kind, headed }) =>
        !known.get(kind)?.has(path) && !reported.has(path) && (headed || !isProse(path)),
    );
    expect(missing).toEqual([]);
  });

  it.each(collections)('%s: every entry says who it is', async (name) => {
    const { entries } = await reading(name);
    for (const entry of Object.values(entries).flat()) {
      expect(entry.name, entry.path).not.toBe('');
      expect(entry.description.length, entry.path).toBeGreaterThan(0);
      expect(entry.description.length, entry.path).toBeLessThanOrEqual(4000);
      expect(entry.id, entry.path).toBe(`${entry.plugin}:${entry.name}`);
    }
    const untagged = entries.agent.filter(({ capabilities }) => capabilities.length === 0);
    expect(untagged.map(({ id }) => id)).toEqual([]);
  });

  it.each(collections)('%s: every problem has a file, a cause and a remedy', async (name) => {
    const root = join(corpora, name);
    const { problems } = await reading(name);
    for (const { file, line, cause, remedy } of problems) {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(cause.endsWith('.') && remedy.endsWith('.'), `${cause} ${remedy}`).toBe(true);
      if (line !== undefined) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(readFileSync(join(root, file), 'utf8').split('\n').length);
      }
    }
  });

  it('holds 843 agents, 379 skills and 490 workflows in all', async () => {
    const totals = { agent: 0, skill: 0, workflow: 0 };
    for (const name of collections) {
      const { entries } = await reading(name);
      for (const kind of ['agent', 'skill', 'workflow'] as const) totals[kind] += entries[kind].length;
    }
    expect(totals).toEqual({ agent: 843, skill: 379, workflow: 490 });
  });

  it('reports paths of manifests that do not exist, once a manifest', async () => {
    const { problems } = await reading('VoltAgent+awesome-claude-code-subagents');
    const manifests = problems.filter(({ cause }) => cause.startsWith('It lists'));
    const listed = manifests
      .filter(({ file }) => file.endsWith('plugin.json'))
      .map(({ cause }) => Number(/\d+/.exec(cause)?.[0]));
    expect(listed.reduce((sum, count) => sum + count, 0)).toBe(157);
    expect(listed).toHaveLength(10);
  });

  it('knows the roles of a registry and whom they name', async () => {
    const { roles, problems } = await reading('seth-schultz+orchestr8@v4.2.0');
    expect(roles.get('frontend developer')).toMatchObject({
      name: 'frontend_developer',
      primary: 'frontend-frameworks:react-specialist',
      fallbacks: ['development-core:fullstack-developer', 'frontend-frameworks:nextjs-specialist'],
    });
    expect(problems.filter(({ file }) => file === '.claude/agent-registry.yml')).toEqual([
      expect.objectContaining({ line: 54, cause: expect.stringContaining('general-purpose') }),
    ]);
  });

  it('finds the steps of a workflow and their agents', async () => {
    const { entries } = await reading('seth-schultz+orchestr8@v4.2.0');
    const plan = entries.workflow.find(({ id }) => id === 'ai-ml-engineering:build-ml-pipeline')?.plan;
    expect(plan?.map(({ agents }) => agents)).toEqual([
      ['ai-ml-engineering:ml-engineer'],
      ['ai-ml-engineering:data-engineer'],
      ['ai-ml-engineering:ml-engineer'],
      ['ai-ml-engineering:mlops-specialist'],
      ['infrastructure-monitoring:observability-specialist'],
      ['ai-ml-engineering:mlops-specialist'],
    ]);
  });

  it('gives one revision to one collection, however it was read', async () => {
    const root = join(corpora, 'vijaythecoder+awesome-claude-agents');
    expect((await read(root)).revision).toBe((await read(root)).revision);
  });
});
