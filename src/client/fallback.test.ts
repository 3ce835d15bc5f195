import { describe, expect, it } from 'vitest';
import { methodNames, methods } from '../protocol/methods.ts';
import type { Registry } from '../protocol/registry.ts';
import { createFallback } from './fallback.ts';

const registry: Registry = {
  format: 'callsheet-registry-1',
  revision: 'r',
  agents: [
    {
      id: 'web:react-expert',
      name: 'react-expert',
      description: 'Builds React components, hooks and state. Use for browser interfaces.',
      plugin: 'web',
      model: 'sonnet',
      capabilities: ['react', 'hooks'],
    },
    {
      id: 'data:sql-tuner',
      name: 'sql-tuner',
      description: 'Finds slow queries and missing indexes in PostgreSQL.',
      plugin: 'data',
      capabilities: ['postgresql', 'performance'],
    },
  ],
  skills: [
    { id: 'web:a11y', name: 'a11y', description: 'Checks pages for accessibility.', category: 'quality' },
    { id: 'web:bundle', name: 'bundle', description: 'Shrinks bundles of pages.', category: 'speed' },
  ],
  workflows: [
    {
      id: 'web:release',
      name: 'release',
      description: 'Releases the web application to production.',
      agents: ['web:react-expert'],
      arguments: '[version]',
    },
  ],
  roles: { frontend_developer: ['web:react-expert', 'data:sql-tuner'] },
};
const fallback = createFallback(registry);

/** The answer, held to the schema that the server's answers are held to. */
async function answer(method: (typeof methodNames)[number], params: unknown) {
  const given = await fallback.answer(method, params);
  return methods[method].result.parse({ ...given, cache_hit: false }) as Record<string, unknown>;
}

describe('the fallback', () => {
  it('finds agents by what they do and says where the answer comes from', async () => {
    const { agents, source, confidence } = await answer('queryAgents', {
      context: 'slow PostgreSQL queries',
    });
    expect(agents).toMatchObject([{ id: 'data:sql-tuner', plugin: 'data' }]);
    expect(source).toBe('fallback');
    expect(confidence).toBeGreaterThan(0);
  });

  it('finds agents by capability and by role', async () => {
    const byTag = await answer('queryAgents', { capability: 'react', limit: 1 });
    expect(byTag.agents).toMatchObject([{ id: 'web:react-expert', model: 'sonnet' }]);
    const byRole = await answer('queryAgents', { role: 'frontend_developer' });
    expect(byRole.agents).toMatchObject([{ id: 'web:react-expert' }, { id: 'data:sql-tuner' }]);
  });

  it('names roles that are near', async () => {
    await expect(fallback.answer('queryAgents', { role: 'frontend_dev' })).rejects.toMatchObject({
      kind: 'not_found',
      data: { nearest: [{ name: 'frontend_developer' }] },
    });
  });

  it('shows names alone when asked', async () => {
    const { agents } = await answer('queryAgents', { detail: 'names', limit: 1 });
    expect(agents).toEqual([{ id: 'web:react-expert', name: 'react-expert', score: expect.any(Number) }]);
  });

  it('finds skills of a category and workflows with their agents', async () => {
    const { skills } = await answer('querySkills', { context: 'pages', category: 'quality' });
    expect(skills).toMatchObject([{ id: 'web:a11y' }]);
    const { workflows } = await answer('queryWorkflows', { goal: 'release to production' });
    expect(workflows).toMatchObject([
      { id: 'web:release', agents: ['web:react-expert'], arguments: '[version]' },
    ]);
  });

  it('is honest when nothing fits', async () => {
    const { agents, confidence } = await answer('queryAgents', { context: 'бабочки' });
    expect([agents, confidence]).toEqual([[], 0]);
  });

  it('answers queries and refuses the rest, saying what to do', async () => {
    for (const method of methodNames) {
      if (/^query/.test(method)) continue;
      await expect(fallback.answer(method, {})).rejects.toThrow(/callsheet start/);
    }
    expect(await answer('queryPattern', { goal: 'x' })).toMatchObject({ patterns: [], source: 'fallback' });
  });
});
