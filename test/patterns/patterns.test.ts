import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallsheetError } from '../../src/protocol/errors.ts';
import type { Params } from '../../src/protocol/methods.ts';
import { createSetting, type Setting } from './setting.ts';

let setting: Setting;
beforeEach(async () => {
  setting = await createSetting();
});
afterEach(() => setting.remove());

const design: Params<'storePattern'> = {
  goal: 'add authentication to existing API',
  agent_sequence: ['security-auditor', 'backend-developer', 'test-engineer'],
  dependencies: { 'backend-developer': ['security-auditor'], 'test-engineer': ['backend-developer'] },
};

const decision = (task_id: string, more: Partial<Params<'cacheDecision'>> = {}): Params<'cacheDecision'> => ({
  task_id,
  task_description: 'speed up slow PostgreSQL queries',
  agents_used: ['postgresql-specialist'],
  result: 'success',
  ...more,
});

const failureOf = async (attempt: Promise<unknown>): Promise<CallsheetError> => {
  const outcome = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Error);
  return outcome as CallsheetError;
};

describe('storePattern', () => {
  it('derives the groups and is found by a goal in other words', async () => {
    const { pattern } = await setting.patterns.storePattern(design);
    expect(pattern.parallel_groups).toEqual([['security-auditor'], ['backend-developer'], ['test-engineer']]);
    const found = await setting.patterns.getOrchestrationPattern({ goal: 'implement user authentication' });
    expect(found.pattern.id).toBe(pattern.id);
    expect(found).toMatchObject({ source: 'learned', task_count: 0 });
    expect(found.similarity).toBeGreaterThanOrEqual(0.7);
  });

  it('stores the same plan once', async () => {
    const first = await setting.patterns.storePattern(design);
    const before = setting.patterns.stats().total;
    expect((await setting.patterns.storePattern(design)).pattern.id).toBe(first.pattern.id);
    expect(setting.patterns.stats().total).toBe(before);
  });

  it('names agents the catalogue does not have, with near ones', async () => {
    const error = await failureOf(
      setting.patterns.storePattern({ goal: 'x', agent_sequence: ['security-auditer', 'architect'] }),
    );
    expect(error.kind).toBe('invalid_params');
    expect(error.data?.validation_errors).toEqual([
      expect.stringMatching(/^agent_sequence: 'security-auditer'.*'team:security-auditor'/),
    ]);
    expect(error.data?.nearest?.[0]?.id).toBe('team:security-auditor');
  });

  it('refuses one agent under two names', async () => {
    const agent_sequence = ['architect', 'team:architect'];
    const error = await failureOf(setting.patterns.storePattern({ goal: 'x', agent_sequence }));
    expect(error.data?.validation_errors?.[0]).toMatch(/^agent_sequence: .*more than once/);
  });

  it('keeps no secret of a goal', async () => {
    await setting.remove();
    setting = await createSetting({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
    await setting.patterns.storePattern({ ...design, goal: 'log in with hunter2' });
    await setting.patterns.cacheDecision(decision('t', { task_description: 'use hunter2' }));
    expect((await setting.storage.patterns()).map(({ goal }) => goal).join()).not.toContain('hunter2');
    expect((await setting.storage.decision('t'))?.task_description).toBe('use [redacted]');
  });
});

describe('queryPattern', () => {
  it('answers a goal like nothing known with an empty list that says what is near', async () => {
    await setting.patterns.storePattern(design);
    const answer = await setting.patterns.queryPattern({ goal: 'paint the garden fence' });
    expect(answer).toMatchObject({ patterns: [], confidence: 0 });
    expect(answer.reasoning).toContain(design.goal);
  });

  it('lists at most the limit, and nothing below the similarity asked for', async () => {
    for (const goal of [
      'add authentication to the API',
      'implement user login',
      'add sign-in to the service',
    ]) {
      await setting.patterns.storePattern({ goal, agent_sequence: ['backend-developer'] });
    }
    const goal = 'implement authentication';
    expect((await setting.patterns.queryPattern({ goal, limit: 2 })).patterns).toHaveLength(2);
    expect((await setting.patterns.queryPattern({ goal, min_similarity: 1 })).patterns).toHaveLength(0);
  });

  it('gives a goal in the same words a similarity of 1', async () => {
    await setting.patterns.storePattern({ goal: 'Frobnicate the gizmo', agent_sequence: ['architect'] });
    const { patterns } = await setting.patterns.queryPattern({ goal: 'frobnicate the gizmo!' });
    expect(patterns[0]?.similarity).toBe(1);
  });

  it('puts the plan that worked before the one that did not', async () => {
    const good = await setting.patterns.storePattern({
      ...design,
      agent_sequence: ['backend-developer'],
      dependencies: {},
    });
    const bad = await setting.patterns.storePattern({
      ...design,
      agent_sequence: ['architect'],
      dependencies: {},
    });
    for (const [at, { pattern }] of [good, good, bad, bad].entries()) {
      const result = pattern.id === good.pattern.id ? 'success' : 'failure';
      await setting.patterns.cacheDecision(
        decision(`t${at}`, { pattern_id: pattern.id, agents_used: [...pattern.agent_sequence], result }),
      );
    }
    const { patterns } = await setting.patterns.queryPattern({ goal: design.goal });
    expect(patterns.map(({ pattern }) => pattern.id)).toEqual([good.pattern.id, bad.pattern.id]);
    expect(patterns[0]?.success_rate).toBeGreaterThan(patterns[1]?.success_rate ?? 1);
  });
});

describe('getOrchestrationPattern', () => {
  it('knows the plan of a workflow on the first run, parallel steps side by side', async () => {
    const found = await setting.patterns.getOrchestrationPattern({
      goal: 'integrate a payment provider into our shop',
    });
    expect(found.source).toBe('workflow');
    expect(found.pattern.parallel_groups).toEqual([
      ['team:architect'],
      ['team:backend-developer', 'team:frontend-developer'],
      ['team:test-engineer'],
    ]);
  });

  it('prefers what was learned to what a workflow describes', async () => {
    const goal = 'Add a payment provider to the shop';
    const { pattern } = await setting.patterns.storePattern({ goal, agent_sequence: ['backend-developer'] });
    expect((await setting.patterns.getOrchestrationPattern({ goal })).pattern.id).toBe(pattern.id);
  });

  it('is not found without a similar goal, and says what is near', async () => {
    const error = await failureOf(
      setting.patterns.getOrchestrationPattern({ goal: 'paint the garden fence' }),
    );
    expect(error.kind).toBe('not_found');
    expect(error.data?.nearest?.[0]).toEqual({
      id: expect.any(String),
      name: 'Add a payment provider to the shop',
      score: expect.any(Number),
    });
  });

  it('sees a workflow that a re-index found', async () => {
    await setting.write(
      'team/commands/audit.md',
      '---\ndescription: Audit the security of an API\n---\n1. Ask the security-auditor agent\n2. Ask the code-reviewer agent\n',
    );
    await setting.indexer.reindex();
    await setting.patterns.refresh();
    const found = await setting.patterns.getOrchestrationPattern({ goal: 'security audit of the API' });
    expect(found.pattern.agent_sequence).toEqual(['team:security-auditor', 'team:code-reviewer']);
  });
});

describe('cacheDecision', () => {
  it('makes a pattern of a new team that succeeded', async () => {
    const answer = await setting.patterns.cacheDecision(
      decision('t1', { duration_ms: 1000, tokens_saved: 50 }),
    );
    expect(answer).toMatchObject({ stored: true, learned: true });
    const found = await setting.patterns.getOrchestrationPattern({ goal: 'optimise slow Postgres queries' });
    expect(found.pattern).toMatchObject({
      id: answer.pattern_id,
      agent_sequence: ['team:postgresql-specialist'],
      success_count: 1,
      avg_duration_ms: 1000,
      avg_tokens_saved: 50,
    });
  });

  it('makes none of a team that failed', async () => {
    const answer = await setting.patterns.cacheDecision(decision('t1', { result: 'failure' }));
    expect(answer.stored).toBe(true);
    expect(answer.pattern_id).toBeUndefined();
  });

  it('finds its pattern by goal and team', async () => {
    const first = await setting.patterns.cacheDecision(decision('t1'));
    const again = await setting.patterns.cacheDecision(
      decision('t2', { task_description: 'make the slow SQL queries of Postgres faster', result: 'partial' }),
    );
    expect(again.pattern_id).toBe(first.pattern_id);
    const other = await setting.patterns.cacheDecision(decision('t3', { agents_used: ['mysql-specialist'] }));
    expect(other.pattern_id).not.toBe(first.pattern_id);
  });

  it('finds its pattern by the route that recommended it', async () => {
    const { pattern } = await setting.patterns.storePattern(design);
    setting.storage.logQuery({
      route_id: 'r1',
      method: 'getOrchestrationPattern',
      params: { goal: 'implement user authentication' },
      returned: [pattern.id],
      cache_hit: false,
      duration_ms: 1,
      at: setting.time.now,
    });
    const answer = await setting.patterns.cacheDecision(
      decision('t1', {
        task_description: 'ticket 4711',
        agents_used: ['security-auditor', 'debugger'],
        route_id: 'r1',
      }),
    );
    expect(answer.pattern_id).toBe(pattern.id);
  });

  it('answers the same again with the same, and changes nothing', async () => {
    const first = await setting.patterns.cacheDecision(decision('t1', { source: 'hook', certainty: 0.5 }));
    const revision = await setting.storage.pattern(first.pattern_id ?? '');
    const again = await setting.patterns.cacheDecision(decision('t1', { source: 'hook', certainty: 0.5 }));
    expect(again).toEqual({ ...first, learned: false });
    expect(await setting.storage.pattern(first.pattern_id ?? '')).toEqual(revision);
  });

  it('stays the same decision although a pattern appeared that it would now belong to', async () => {
    const failed = await setting.patterns.cacheDecision(decision('t1', { result: 'failure' }));
    await setting.patterns.cacheDecision(decision('t2'));
    expect(await setting.patterns.cacheDecision(decision('t1', { result: 'failure' }))).toEqual({
      ...failed,
      learned: false,
    });
  });

  it('lets a correction replace the old result and its counts', async () => {
    const first = await setting.patterns.cacheDecision(decision('t1'));
    const corrected = await setting.patterns.cacheDecision(decision('t1', { result: 'failure' }));
    expect(corrected).toEqual(first);
    expect(await setting.storage.pattern(first.pattern_id ?? '')).toMatchObject({
      success_count: 0,
      failure_count: 1,
    });
    const { patterns } = await setting.patterns.queryPattern({ goal: 'speed up slow PostgreSQL queries' });
    expect(patterns[0]).toMatchObject({ task_count: 1, success_rate: expect.closeTo(1.3 / 3, 5) });
  });

  it('stores what unknown agents did, and learns nothing from it', async () => {
    const answer = await setting.patterns.cacheDecision(decision('t1', { agents_used: ['nobody'] }));
    expect(answer).toMatchObject({ stored: true, learned: false });
    expect(answer.pattern_id).toBeUndefined();
    expect(await setting.storage.decision('t1')).toMatchObject({
      agents_used: ['nobody'],
      result: 'success',
    });
  });

  it('refuses a pattern that does not exist, and names near ones', async () => {
    await setting.patterns.storePattern(design);
    const error = await failureOf(setting.patterns.cacheDecision(decision('t1', { pattern_id: 'pat-none' })));
    expect(error.kind).toBe('not_found');
    expect(error.data?.nearest).not.toHaveLength(0);
    expect(await setting.storage.decision('t1')).toBeUndefined();
  });

  it('keeps the plan of a workflow that was followed, under its id', async () => {
    const goal = 'Add a payment provider to the shop';
    const { pattern } = await setting.patterns.getOrchestrationPattern({ goal });
    await setting.patterns.cacheDecision(
      decision('t1', { task_description: goal, pattern_id: pattern.id, agents_used: pattern.agent_sequence }),
    );
    const found = await setting.patterns.getOrchestrationPattern({ goal });
    expect(found).toMatchObject({ source: 'learned', task_count: 1, pattern: { id: pattern.id } });
  });

  it('counts twenty decisions that arrive at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => setting.patterns.cacheDecision(decision(`t${at}`))),
    );
    expect(new Set(answers.map(({ pattern_id }) => pattern_id)).size).toBe(1);
    const { patterns } = await setting.patterns.queryPattern({ goal: 'speed up slow PostgreSQL queries' });
    expect(patterns[0]?.task_count).toBe(20);
  });
});

describe('pruning', () => {
  const goal = 'speed up slow PostgreSQL queries';
  const fail = async (from: number, count: number): Promise<void> => {
    for (let at = from; at < from + count; at++) {
      await setting.patterns.cacheDecision(decision(`f${at}`, { result: 'failure' }));
    }
  };

  it('retires a plan that keeps failing, keeps it in history, and takes it back when that turns', async () => {
    const { pattern_id = '' } = await setting.patterns.cacheDecision(decision('t1'));
    await fail(0, 3);
    expect((await setting.patterns.getOrchestrationPattern({ goal })).pattern.id).toBe(pattern_id);
    await fail(3, 6);
    expect((await failureOf(setting.patterns.getOrchestrationPattern({ goal }))).kind).toBe('not_found');
    expect(await setting.storage.pattern(pattern_id)).toMatchObject({ failure_count: 9 });
    for (let at = 0; at < 4; at++) await setting.patterns.cacheDecision(decision(`s${at}`));
    expect((await setting.patterns.getOrchestrationPattern({ goal })).pattern.id).toBe(pattern_id);
  });
});

describe('memory', () => {
  it('knows after a restart what it knew before', async () => {
    await setting.patterns.storePattern(design);
    for (let at = 0; at < 6; at++) {
      await setting.patterns.cacheDecision(
        decision(`t${at}`, { result: at % 3 === 0 ? 'failure' : 'success' }),
      );
    }
    const goal = 'speed up slow PostgreSQL queries';
    const before = await setting.patterns.queryPattern({ goal });
    const history = [...setting.patterns.adjust(goal, setting.candidates(goal))];
    setting = await setting.reopen();
    const after = await setting.patterns.queryPattern({ goal });
    expect(after.patterns.map(({ pattern }) => pattern)).toEqual(
      before.patterns.map(({ pattern }) => pattern),
    );
    expect(after.patterns[0]?.success_rate).toBeCloseTo(before.patterns[0]?.success_rate ?? 0, 6);
    expect([...setting.patterns.adjust(goal, setting.candidates(goal))]).toEqual(history);
  });

  it('lets old outcomes fade', async () => {
    await setting.patterns.cacheDecision(decision('t1', { result: 'success' }));
    const goal = 'speed up slow PostgreSQL queries';
    const rate = async (): Promise<number> =>
      (await setting.patterns.getOrchestrationPattern({ goal })).success_rate;
    const fresh = await rate();
    setting.time.now += 60 * 24 * 3600 * 1000;
    expect(await rate()).toBeCloseTo((0.65 * 2 + 0.5) / 2.5, 5);
    expect(await rate()).toBeLessThan(fresh);
  });

  it('changes its revision with every write, and not with reads', async () => {
    const before = setting.patterns.revision();
    await setting.patterns.queryPattern({ goal: 'x' });
    expect(setting.patterns.revision()).toBe(before);
    await setting.patterns.cacheDecision(decision('t1'));
    expect(setting.patterns.revision()).not.toBe(before);
  });
});

/** Goals of other areas, enough of them that it matters where a goal lies among others. */
const elsewhere = [
  'design the architecture of a booking platform',
  'decide between a monolith and services',
  'write an architecture decision record',
  'colours of the dark theme',
  'sign-in with a second factor',
  'rate limits for partners',
  'add an index to a slow PostgreSQL table',
  'vacuum settings of the PostgreSQL server',
  'partition a big PostgreSQL table',
  'audit the login for OWASP weaknesses',
  'threat model of the payment service',
  'review the authorization of the admin pages',
  'build a React form for addresses',
  'make the navigation accessible',
  'style the price table with CSS',
  'REST endpoint for refunds',
  'background service that sends mails',
  'pagination of the orders API',
  'find the root cause of the crash at start',
  'why does the importer lose records',
  'regression in the calculation of discounts',
  'review the code of the parser for readability',
  'clean up duplicated helpers',
  'split a module that has grown too large',
];

describe.each([
  ['of the goals of one area', []],
  ['among goals of other areas', elsewhere],
])('adjust %s', (_, others) => {
  const goal = 'fix flaky end-to-end tests';
  beforeEach(async () => {
    for (const [at, task_description] of others.entries()) {
      const result = at % 2 === 0 ? 'success' : 'failure';
      const agents_used = [setting.candidates(task_description)[0]?.id ?? ''];
      await setting.patterns.cacheDecision(decision(`o${at}`, { task_description, agents_used, result }));
    }
  });
  const train = async (
    agent: string,
    result: 'success' | 'failure',
    count: number,
    source?: string,
  ): Promise<void> => {
    for (let at = 0; at < count; at++) {
      await setting.patterns.cacheDecision(
        decision(`${agent}-${result}-${source}-${at}`, {
          task_description: `${goal} of the ${['shop', 'portal', 'app', 'site'][at % 4]}`,
          agents_used: [agent],
          result,
          ...(source !== undefined && { source }),
        }),
      );
    }
  };
  const deltaOf = (agent: string, text = goal): number =>
    setting.patterns.adjust(text, setting.candidates(text)).get(`team:${agent}`)?.delta ?? 0;

  /** For one of the goals that `train` reports on. */
  const firstChoice = (): string | undefined => {
    const text = `${goal} of the shop`;
    const adjust = setting.patterns.adjust(text, setting.candidates(text));
    const { hits } = setting.indexer.current().search('agent', { text, limit: 1, adjust });
    return hits[0]?.id.replace('team:', '');
  };

  it('knows nothing before the first outcome', () => {
    expect(setting.patterns.adjust(goal, setting.candidates(goal)).size).toBe(0);
  });

  it('speaks for those who did well and against those who failed, and says so', async () => {
    await train('debugger', 'success', 8);
    await train('test-engineer', 'failure', 8);
    expect(deltaOf('debugger')).toBeGreaterThan(0);
    expect(deltaOf('test-engineer')).toBeLessThan(0);
    const reasons = setting.patterns.adjust(goal, setting.candidates(goal));
    expect(reasons.get('team:debugger')?.reason).toMatch(
      /^history: \+0\.\d\d \(8 of 8 similar tasks went well\)$/,
    );
    expect(reasons.get('team:test-engineer')?.reason).toMatch(
      /^history: −0\.\d\d \(0 of 8 similar tasks went well\)$/,
    );
  });

  it('says nothing about goals unlike anything seen', async () => {
    await train('debugger', 'success', 20);
    const other = 'design a MySQL schema with replication';
    expect(setting.patterns.adjust(other, setting.candidates(other)).size).toBe(0);
  });

  it('is the same for the same seed and history', async () => {
    await train('debugger', 'success', 3);
    const first = [...setting.patterns.adjust(goal, setting.candidates(goal))];
    expect([...setting.patterns.adjust(goal, setting.candidates(goal))]).toEqual(first);
  });

  it('moves nothing for goals of the same area that the same plan would not serve', async () => {
    await train('debugger', 'success', 20);
    await train('test-engineer', 'failure', 20);
    for (const other of ['write unit tests for the invoice module', 'design an end-to-end encrypted chat']) {
      expect(setting.patterns.adjust(other, setting.candidates(other)).size).toBe(0);
    }
  });

  it('lets another be tried when the best by text has failed', async () => {
    expect(firstChoice()).toBe('test-engineer');
    await train('test-engineer', 'failure', 2);
    expect(firstChoice()).not.toBe('test-engineer');
  });

  it('stays with who does well', async () => {
    await train('debugger', 'success', 8);
    await train('test-engineer', 'failure', 2);
    expect(firstChoice()).toBe('debugger');
  });

  it('finds who does well now when that changes', async () => {
    await train('debugger', 'success', 12);
    await train('debugger', 'failure', 12);
    await train('code-reviewer', 'success', 6);
    expect(firstChoice()).toBe('code-reviewer');
  });

  it('does not let one source outweigh the others', async () => {
    await train('test-engineer', 'success', 6, 'alice');
    await train('test-engineer', 'success', 6, 'bob');
    await train('test-engineer', 'failure', 100, 'mallory');
    await train('debugger', 'success', 100, 'mallory');
    expect(firstChoice()).toBe('test-engineer');
  });

  it('stays within the best score by text', async () => {
    await train('debugger', 'success', 60);
    const best = Math.max(...setting.candidates(goal).map(({ score }) => score));
    expect(deltaOf('debugger')).toBeLessThanOrEqual(best);
  });

  it('ranks nothing when learning is off, and still stores', async () => {
    await train('debugger', 'success', 5);
    setting = await setting.reopen({ learning: false });
    expect(setting.patterns.adjust(goal, setting.candidates(goal)).size).toBe(0);
    expect((await setting.patterns.cacheDecision(decision('t-off'))).stored).toBe(true);
    expect(setting.patterns.learning().decisions).toBe(others.length + 6);
  });
});

describe('learning', () => {
  it('tells no lift before there is evidence, then the difference of the smoothed rates', async () => {
    const log = (at: number): string => {
      setting.storage.logQuery({
        route_id: `r${at}`,
        method: 'queryAgents',
        params: { context: 'fix the crash' },
        returned: ['team:debugger', 'team:architect'],
        cache_hit: false,
        duration_ms: 1,
        at: setting.time.now,
      });
      return `r${at}`;
    };
    const task = 'fix the crash';
    for (let at = 0; at < 10; at++) {
      await setting.patterns.cacheDecision(
        decision(`a${at}`, {
          task_description: task,
          agents_used: ['debugger'],
          route_id: log(at),
          result: at < 8 ? 'success' : 'failure',
        }),
      );
    }
    expect(setting.patterns.learning()).toEqual({ decisions: 10, lift: null });
    for (let at = 0; at < 10; at++) {
      await setting.patterns.cacheDecision(
        decision(`b${at}`, {
          task_description: task,
          agents_used: ['architect'],
          route_id: log(100 + at),
          result: at < 2 ? 'success' : 'failure',
        }),
      );
    }
    expect(setting.patterns.learning().lift).toBeCloseTo(9 / 12 - 3 / 12, 9);
    setting = await setting.reopen();
    expect(setting.patterns.learning().lift).toBeCloseTo(9 / 12 - 3 / 12, 9);
  });
});
