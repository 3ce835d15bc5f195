/**
 * What every `Service` promises, whatever stands between it and the caller: run against the engine in process, and
 * over each door. The catalogue behind it is `test/fixtures/roster`.
 */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MethodName, methods, type Params, type Result } from '../../src/protocol/methods.ts';
import type { Service } from '../../src/protocol/service.ts';

export const roster = resolve(import.meta.dirname, '../fixtures/roster');

export interface ServiceUnderTest {
  readonly service: Service;
  close(): Promise<void>;
}

/** @param open makes the service over `roster`, with an empty cache and without storage */
export function describeService(door: string, open: () => Promise<ServiceUnderTest>): void {
  describe(`service ${door}`, () => {
    let opened: ServiceUnderTest;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    /** Calls, and holds the answer to its schema. */
    async function ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
      const result = await opened.service[method](params);
      return methods[method].result.parse(result) as Result<M>;
    }

    describeQueryAgents(ask);
    describeRoles(ask);
    describeOtherQueries(ask);
    describeDefinitions(ask);
    describeAnswers(ask);
    describeState(ask);
    describeRefusals(ask);
  });
}

type Ask = <M extends MethodName>(method: M, params: Params<M>) => Promise<Result<M>>;

const ids = (hits: readonly { readonly id: string }[]): string[] => hits.map(({ id }) => id);

function describeQueryAgents(ask: Ask): void {
  describe('queryAgents', () => {
    it('finds who fits a task', async () => {
      const { agents, reasoning, confidence } = await ask('queryAgents', {
        context: 'our SQL queries are slow, add an index',
      });
      expect(agents[0]).toMatchObject({ id: 'api:database-tuner', model: 'opus', plugin: 'api' });
      expect(agents[0].reason).toContain('sql');
      expect(reasoning).toContain('6 agents');
      expect(confidence).toBeGreaterThan(0);
    });

    it('finds an exact capability, and says so', async () => {
      const { agents } = await ask('queryAgents', { capability: 'react' });
      expect(agents[0]).toMatchObject({
        name: 'react-specialist',
        reason: expect.stringContaining("'react' (exact)"),
      });
    });

    it('combines capability and task', async () => {
      const { agents } = await ask('queryAgents', {
        capability: 'accessibility',
        context: 'a responsive page',
      });
      expect(agents[0].id).toBe('web:css-stylist');
    });

    it('answers copies of one definition as one hit', async () => {
      const { agents } = await ask('queryAgents', { context: 'React components with hooks', limit: 20 });
      expect(agents.filter(({ name }) => name === 'react-specialist')).toHaveLength(1);
      const [first] = agents;
      expect([first.id, ...(first.also ?? [])]).toEqual(['web:react-specialist', 'website:react-specialist']);
    });

    it('lists the catalogue in stable order when nothing is asked', async () => {
      const one = await ask('queryAgents', { limit: 3 });
      const other = await ask('queryAgents', { limit: 20 });
      expect(one.agents).toHaveLength(3);
      expect(ids(other.agents).slice(0, 3)).toEqual(ids(one.agents));
    });

    it('answers five at most when no limit is given', async () => {
      const { agents } = await ask('queryAgents', {});
      expect(agents).toHaveLength(5);
    });

    it('gives the members that each detail promises', async () => {
      const query = { context: 'React components with hooks', limit: 1 };
      const [names] = (await ask('queryAgents', { ...query, detail: 'names' })).agents;
      expect(Object.keys(names)).toEqual(['id', 'name', 'score']);
      const [brief] = (await ask('queryAgents', query)).agents;
      expect(brief.description).toBe('Builds React components with hooks and keeps rendering fast.');
      const [full] = (await ask('queryAgents', { ...query, detail: 'full' })).agents;
      expect(full.description).toContain('Also reviews component structure.');
      expect(full.capabilities).toEqual(brief.capabilities);
    });

    it('leaves out what does not apply', async () => {
      const { agents } = await ask('queryAgents', { context: 'cut a release, write release notes' });
      expect(agents[0].id).toBe('project:release-manager');
      for (const member of ['model', 'plugin', 'role', 'fallbacks', 'also'])
        expect(agents[0]).not.toHaveProperty(member);
      expect(agents[0].capabilities).toBeDefined();
    });
  });
}

function describeRoles(ask: Ask): void {
  describe('roles', () => {
    const listed = ['web:react-specialist', 'web:css-stylist', 'api:api-designer'];

    it('answer the primary first, then the fallbacks in order', async () => {
      const { agents, confidence } = await ask('queryAgents', { role: 'frontend_developer' });
      expect(ids(agents)).toEqual(listed);
      expect(agents[0]).toMatchObject({ role: 'frontend_developer', fallbacks: listed.slice(1) });
      expect(agents.map(({ score }) => score)).toEqual(
        [...agents.map(({ score }) => score)].sort((a, b) => b - a),
      );
      expect(confidence).toBe(1);
    });

    it('are ranked among themselves by the task', async () => {
      const { agents } = await ask('queryAgents', {
        role: 'frontend_developer',
        context: 'GraphQL pagination and error formats of the REST interface',
      });
      expect(agents[0].id).toBe('api:api-designer');
      expect(ids(agents).sort()).toEqual([...listed].sort());
    });

    it('respect the limit', async () => {
      const { agents } = await ask('queryAgents', { role: 'frontend_developer', limit: 2 });
      expect(ids(agents)).toEqual(listed.slice(0, 2));
    });

    it('show on other answers for whom they are the primary', async () => {
      const { agents } = await ask('queryAgents', { capability: 'hooks', limit: 1 });
      expect(agents[0]).toMatchObject({ role: 'frontend_developer', fallbacks: listed.slice(1) });
    });

    it('without an agent that exists answer nothing', async () => {
      const { agents, confidence, reasoning } = await ask('queryAgents', { role: 'astronaut' });
      expect({ agents, confidence }).toEqual({ agents: [], confidence: 0 });
      expect(reasoning).toContain('astronaut');
    });

    it('that do not exist are not found, with what is near', async () => {
      await expect(ask('queryAgents', { role: 'frontend_develper' })).rejects.toMatchObject({
        code: -32044,
        data: {
          nearest: [{ id: 'frontend_developer', name: 'frontend_developer', score: expect.any(Number) }],
        },
      });
    });
  });
}

function describeOtherQueries(ask: Ask): void {
  describe('querySkills', () => {
    const context = 'choose an index from a query plan';

    it('finds skills', async () => {
      const { skills } = await ask('querySkills', { context });
      expect(skills[0]).toMatchObject({ id: 'api:sql-tuning', category: 'database', plugin: 'api' });
    });

    it('narrows to a category', async () => {
      const { skills, reasoning } = await ask('querySkills', { context, category: 'Testing' });
      expect(ids(skills)).toEqual(['api:contract-testing']);
      expect(reasoning).toContain("category 'testing'");
    });

    it('takes the nearest category and says so', async () => {
      const { skills, reasoning } = await ask('querySkills', { context, category: 'databases' });
      expect(ids(skills)).toEqual(['api:sql-tuning']);
      expect(reasoning).toContain("no category 'databases'; searched the nearest, 'database'");
    });

    it('answers nothing for a category like no other', async () => {
      const { skills, confidence, reasoning } = await ask('querySkills', { context, category: 'xylophones' });
      expect({ skills, confidence }).toEqual({ skills: [], confidence: 0 });
      expect(reasoning).toContain("no category 'xylophones'");
    });
  });

  describe('queryWorkflows', () => {
    it('finds workflows with their steps and agents', async () => {
      const { workflows } = await ask('queryWorkflows', { goal: 'a new page from design to review' });
      expect(workflows[0]).toMatchObject({
        id: 'web:build-page',
        arguments: '<name of the page>',
        agents: ['web:css-stylist', 'web:react-specialist'],
      });
      expect(workflows[0].steps).toHaveLength(3);
    });
  });
}

function describeDefinitions(ask: Ask): void {
  describe('getDefinition', () => {
    it('gives one whole, by id', async () => {
      const definition = await ask('getDefinition', { id: 'web:react-specialist' });
      expect(definition).toMatchObject({
        kind: 'agent',
        plugin: 'web',
        path: 'plugins/web/agents/react-specialist.md',
        frontmatter: { name: 'react-specialist', model: 'haiku' },
        truncated: false,
      });
      expect(definition.body).toMatch(/^# React specialist\n[\s\S]*what was measured\.\s*$/);
      expect(definition.tokens).toBeGreaterThan(40);
    });

    it('understands the name of a plugin’s folder', async () => {
      const { id } = await ask('getDefinition', { id: 'backend:database-tuner' });
      expect(id).toBe('api:database-tuner');
    });

    it('gives the one with precedence for a bare name, and names the others', async () => {
      const definition = await ask('getDefinition', { name: 'react-specialist' });
      expect([definition.id, ...(definition.also ?? [])]).toEqual([
        'web:react-specialist',
        'website:react-specialist',
      ]);
    });

    it('cuts at a paragraph, to the tokens asked for', async () => {
      const { body, tokens, truncated } = await ask('getDefinition', {
        id: 'web:react-specialist',
        max_tokens: 25,
      });
      expect(truncated).toBe(true);
      expect(tokens).toBeLessThanOrEqual(25);
      expect(body).toBe('# React specialist\n\nYou build user interfaces with React.\n\n## How you work');
    });

    it('looks only among the kind that was asked for', async () => {
      await expect(ask('getDefinition', { name: 'sql-tuning', kind: 'agent' })).rejects.toMatchObject({
        code: -32044,
      });
      expect((await ask('getDefinition', { name: 'sql-tuning', kind: 'skill' })).kind).toBe('skill');
    });

    it('names what is near to what it cannot find, and no path', async () => {
      const failure = await ask('getDefinition', { name: 'react-specialst' }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: -32044, data: { nearest: [{ name: 'react-specialist' }, {}] } });
      expect(JSON.stringify(failure)).not.toContain(roster);
    });
  });
}

function describeAnswers(ask: Ask): void {
  it('gives every answer a name of its own, and says which came from the cache', async () => {
    const context = 'cached question about flexbox';
    const first = await ask('queryAgents', { context, limit: 2 });
    const second = await ask('queryAgents', { limit: 2, context });
    expect([first.cache_hit, second.cache_hit]).toEqual([false, true]);
    expect(second.agents).toEqual(first.agents);
    expect(second.route_id).not.toBe(first.route_id);
  });

  it('does not answer one question with the answer to another', async () => {
    const context = 'another question about flexbox';
    await ask('queryAgents', { context, limit: 1 });
    const { agents, cache_hit } = await ask('queryAgents', { context, limit: 3 });
    expect({ count: agents.length, cache_hit }).toEqual({ count: 3, cache_hit: false });
  });
}

function describeState(ask: Ask): void {
  it('says how it is', async () => {
    const health = await ask('getHealth', {});
    expect(health).toMatchObject({
      status: 'healthy',
      indexes: { agents: 6, skills: 3, workflows: 2, roles: 3, patterns: 0 },
      database: { connected: false, size_mb: 0 },
    });
    expect(health.problems).toBeGreaterThan(0);
    expect(health.memory_mb).toBeGreaterThan(10);
  });

  it('counts and measures', async () => {
    const before = await ask('getMetrics', {});
    await ask('queryAgents', { context: 'counted question' });
    await ask('queryAgents', { context: 'counted question' });
    await ask('queryAgents', { role: 'nobody' }).catch(() => undefined);
    const after = await ask('getMetrics', {});
    const grown = (name: string): number =>
      (after.queries.by_method[name] ?? 0) - (before.queries.by_method[name] ?? 0);
    expect(grown('queryAgents')).toBe(3);
    expect(after.cache.hits - before.cache.hits).toBe(1);
    expect(after.cache.misses - before.cache.misses).toBe(2);
    expect(after.errors.by_code['-32044']).toBe((before.errors.by_code['-32044'] ?? 0) + 1);
    expect(after.performance.by_method.queryAgents.p99_query_time_ms).toBeGreaterThan(0);
    expect(after.process.memory_mb).toBeGreaterThan(10);
    expect(after).not.toHaveProperty('patterns');
    expect(after).not.toHaveProperty('learning');
  });

  it('reads the catalogue again', async () => {
    const { revision } = await ask('getHealth', {});
    expect(await ask('reindex', {})).toMatchObject({
      revision,
      agents: 6,
      skills: 3,
      workflows: 2,
      added: 0,
      changed: 0,
      removed: 0,
    });
  });
}

function describeRefusals(ask: Ask): void {
  it.each<[MethodName, object, RegExp]>([
    ['queryAgents', { limit: 0 }, /^limit: /],
    ['queryAgents', { limit: 21 }, /^limit: /],
    ['queryAgents', { capability: 'x'.repeat(101) }, /^capability: /],
    ['queryAgents', { role: 'x'.repeat(51) }, /^role: /],
    ['queryAgents', { context: 'x'.repeat(2001) }, /^context: /],
    ['queryAgents', { contxt: 'x' }, /^contxt: .*"context"/],
    ['querySkills', {}, /^context: /],
    ['queryWorkflows', { goal: 7 }, /^goal: /],
    ['getDefinition', {}, /^id: /],
    ['getHealth', { verbose: true }, /^verbose: /],
  ])('%s refuses %j', async (method, params, sentence) => {
    const failure = await ask(method, params as never).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: -32602,
      data: { validation_errors: [expect.stringMatching(sentence)] },
    });
  });

  it.each<MethodName>(['storePattern', 'queryPattern', 'getOrchestrationPattern', 'cacheDecision'])(
    '%s is not found without storage',
    async (method) => {
      await expect(ask(method, {} as never)).rejects.toMatchObject({ code: -32601 });
    },
  );
}
