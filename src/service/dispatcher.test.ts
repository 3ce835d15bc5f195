import { describe, expect, it } from 'vitest';
import { createMemoryCache } from '../cache/memory.ts';
import { emptySnapshot } from '../catalog/snapshot.ts';
import { CallsheetError } from '../protocol/errors.ts';
import { JsonText } from '../protocol/json-text.ts';
import { createCached } from './cached.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Handlers } from './handler.ts';
import { sizeOf } from './kept-answer.ts';
import { createObserver } from './observe.ts';
import { createQueryLog } from './query-log.ts';

interface Setup {
  readonly handlers?: Handlers;
  readonly ttlSeconds?: number;
  readonly phase?: 'starting' | 'serving' | 'stopping';
}

function setUp({ handlers = {}, ttlSeconds, phase = 'serving' }: Setup) {
  let time = 1;
  let revision = 'one';
  let learned = 'a';
  let routes = 0;
  const calls: unknown[] = [];
  const errors: number[] = [];
  const lines: [string, string, Record<string, unknown>?][] = [];
  const logged: unknown[] = [];
  const clock = (): number => time++;
  const line = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    lines.push([level, message, fields]);
  };
  const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const metrics = {
    recordCall: (method: string) => calls.push(method),
    recordError: (code: number) => errors.push(code),
    snapshot: () => {
      throw new Error('not asked here');
    },
  };
  const dispatch = createDispatcher({
    handlers,
    cached: createCached({
      cache: createMemoryCache({ maxBytes: 1_000_000, clock, sizeOf }),
      catalogue: { current: () => ({ ...emptySnapshot(), revision }) },
      patterns: { revision: () => learned },
      ttlSeconds,
    }),
    observer: createObserver({ metrics, log, clock, newCorrelationId: () => 'made-up' }),
    state: { phase: () => phase },
    routeIds: () => `route-${routes++}`,
    queryLog: createQueryLog({
      storage: { logQuery: (record) => logged.push(record) },
      redact: (text) => text.replace('hunter2', '[redacted]'),
      now: () => 7,
    }),
    clock,
  });
  return {
    dispatch,
    ask: (method: string, params: unknown = {}, correlationId?: string) =>
      dispatch({ method, params }, correlationId === undefined ? {} : { correlationId }),
    reindex: () => {
      revision = 'two';
    },
    learn: () => {
      learned = 'b';
    },
    calls,
    errors,
    lines,
    logged,
  };
}

function counting(): { handlers: Handlers; computed: () => number } {
  let computed = 0;
  const handlers: Handlers = {
    queryAgents: () => {
      computed++;
      return { agents: [{ id: 'p:a', name: 'a', score: 1 }], reasoning: '', confidence: 1 };
    },
    querySkills: () => {
      computed++;
      return { skills: [], reasoning: '', confidence: 0 };
    },
  };
  return { handlers, computed: () => computed };
}

describe('the dispatcher', () => {
  it('refuses methods that do not exist, and names the nearest', async () => {
    const { ask, errors, calls } = setUp({});
    await expect(ask('queryAgent')).rejects.toMatchObject({
      code: -32601,
      message: 'Method not found; did you mean "queryAgents"?',
    });
    await expect(ask('rpc.discover')).rejects.toMatchObject({ code: -32601, message: 'Method not found' });
    await expect(ask('constructor')).rejects.toMatchObject({ code: -32601 });
    expect(errors).toEqual([-32601, -32601, -32601]);
    expect(calls).toEqual([]);
  });

  it('refuses methods without a handler', async () => {
    await expect(setUp({}).ask('storePattern')).rejects.toMatchObject({ code: -32601 });
  });

  it('refuses positional parameters', async () => {
    const { ask } = setUp(counting());
    await expect(ask('queryAgents', ['x'])).rejects.toMatchObject({ code: -32602 });
  });

  it.each(['starting', 'stopping'] as const)('answers health alone while it is %s', async (phase) => {
    const { ask } = setUp({ handlers: { ...counting().handlers, getHealth: () => ({}) as never }, phase });
    await expect(ask('queryAgents')).rejects.toMatchObject({ code: -32053 });
    await expect(ask('getHealth')).resolves.toEqual({});
  });

  it('keeps answers under what they depend on, whatever the order of members', async () => {
    const { handlers, computed } = counting();
    const { ask } = setUp({ handlers });
    await ask('queryAgents', { context: 'x', limit: 1 });
    expect(await ask('queryAgents', { limit: 1, context: 'x' })).toMatchObject({
      cache_hit: true,
      route_id: 'route-1',
    });
    await ask('queryAgents', { limit: 2, context: 'x' });
    expect(computed()).toBe(2);
  });

  it('gives JSON to who asks for it, the same as it gives others', async () => {
    const { dispatch, ask } = setUp(counting());
    const params = { context: 'x' };
    const written = await dispatch({ method: 'queryAgents', params }, { json: true });
    expect(written).toBeInstanceOf(JsonText);
    const parsed = (await ask('queryAgents', params)) as object;
    const { head, tail } = written as JsonText;
    expect(`${Buffer.from(head)}${tail}`).toBe(
      JSON.stringify({ ...parsed, cache_hit: false, route_id: 'route-0' }),
    );
  });

  it('computes again after a re-index, and after learning where that has a say', async () => {
    const { handlers, computed } = counting();
    const { ask, reindex, learn } = setUp({ handlers });
    const both = async (): Promise<number> => {
      await ask('queryAgents', { context: 'x' });
      await ask('querySkills', { context: 'x' });
      return computed();
    };
    expect(await both()).toBe(2);
    expect(await both()).toBe(2);
    reindex();
    expect(await both()).toBe(4);
    learn();
    expect(await both()).toBe(5);
  });

  it('keeps nothing where the time is 0', async () => {
    const { handlers, computed } = counting();
    const { ask } = setUp({ handlers, ttlSeconds: 0 });
    await ask('queryAgents', { context: 'x' });
    expect(await ask('queryAgents', { context: 'x' })).toMatchObject({ cache_hit: false });
    expect(computed()).toBe(2);
  });

  it('turns what it does not know into an internal error, and logs it whole', async () => {
    const failing: Handlers = {
      queryAgents: () => {
        throw new Error('secret at /home/someone');
      },
    };
    const { ask, lines, errors } = setUp({ handlers: failing });
    const failure = await ask('queryAgents', {}, 'request-1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CallsheetError);
    expect(failure).toMatchObject({
      code: -32603,
      message: 'Internal error',
      data: { correlation_id: 'request-1' },
    });
    expect(errors).toEqual([-32603]);
    const [, , fields] = lines.find(([level]) => level === 'error') ?? [];
    expect(fields).toMatchObject({
      correlation_id: 'request-1',
      error: expect.stringContaining('/home/someone'),
    });
  });

  it('gives an internal error an id when the caller brought none', async () => {
    const failing: Handlers = { getHealth: () => Promise.reject(new TypeError('x')) };
    await expect(setUp({ handlers: failing }).ask('getHealth')).rejects.toMatchObject({
      data: { correlation_id: 'made-up' },
    });
  });

  it('writes every answered query to the log of queries, without secrets', async () => {
    const { ask, logged } = setUp(counting());
    await ask('queryAgents', { context: 'the password is hunter2' });
    await ask('queryAgents', { context: 'the password is hunter2' });
    expect(logged).toMatchObject([
      {
        route_id: 'route-0',
        method: 'queryAgents',
        params: { context: 'the password is [redacted]' },
        returned: ['p:a'],
        cache_hit: false,
        at: 7,
      },
      { route_id: 'route-1', cache_hit: true },
    ]);
  });

  it('counts each call once, failed ones too', async () => {
    const { ask, calls, errors, lines } = setUp(counting());
    await ask('queryAgents', {}, 'request-2');
    await ask('queryAgents', { limit: 0 }).catch(() => undefined);
    expect(calls).toEqual(['queryAgents', 'queryAgents']);
    expect(errors).toEqual([-32602]);
    expect(lines.map(([level]) => level)).toEqual(['info', 'info']);
    expect(lines[0][2]).toMatchObject({
      correlation_id: 'request-2',
      method: 'queryAgents',
      cache_hit: false,
    });
  });
});
