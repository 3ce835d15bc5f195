/** The handler without a socket: arbitrary JSON, and bodies that only a caller in this process can send. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispatch, handlerOptions } from '../../test/integration/http-server.ts';
import { errorNameOf } from '../protocol/errors.ts';
import { createDoor, overFetch } from './handler.ts';

const handler = overFetch(createDoor(handlerOptions()));
const json = { 'content-type': 'application/json', host: 'localhost' };

async function ask(body: RequestInit['body'], headers: Record<string, string> = json) {
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  const response = await handler(new Request('http://localhost/', init));
  return { status: response.status, text: await response.text() };
}

/** Throws unless it is a response as JSON-RPC 2.0 defines it. */
function checkResponse(value: unknown): void {
  const { jsonrpc, id, ...rest } = value as Record<string, unknown>;
  expect(jsonrpc).toBe('2.0');
  expect(id === null || typeof id === 'string' || typeof id === 'number').toBe(true);
  expect(Object.keys(rest)).toHaveLength(1);
  if ('error' in rest) {
    const { code, message } = rest.error as Record<string, unknown>;
    expect(errorNameOf(code as number)).toBeDefined();
    expect(typeof message).toBe('string');
  } else {
    expect(rest).toHaveProperty('result');
  }
}

describe('any JSON', () => {
  const member = fc.oneof(
    fc.constantFrom(
      '2.0',
      '1.0',
      2,
      'queryAgents',
      'cacheDecision',
      'rpc.x',
      '__proto__',
      'constructor',
      null,
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const callLike = fc.record(
    { jsonrpc: fc.oneof(fc.constant('2.0'), member), method: member, params: member, id: member },
    { requiredKeys: [] },
  );
  const anything = fc.oneof(
    callLike,
    fc.array(fc.oneof(callLike, fc.jsonValue()), { maxLength: 60 }),
    fc.jsonValue(),
  );

  it('gets a legal answer', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const { status, text } = await ask(JSON.stringify(value));
        if (text === '') {
          expect(status).toBe(204);
          return;
        }
        const answer: unknown = JSON.parse(text);
        if (Array.isArray(answer)) expect(status).toBe(200);
        for (const one of Array.isArray(answer) ? answer : [answer]) checkResponse(one);
      }),
      { numRuns: 500 },
    );
  });

  it('as any text, cut anywhere, does too', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.nat(), async (value, at) => {
        const whole = JSON.stringify(value);
        const { text } = await ask(whole.slice(0, at % (whole.length + 1)));
        if (text !== '') for (const one of [JSON.parse(text)].flat()) checkResponse(one);
      }),
      { numRuns: 300 },
    );
  });

  it('is answered once for each call, never for a notification', async () => {
    const calls = fc.array(fc.record({ id: fc.option(fc.oneof(fc.integer(), fc.string())) }), {
      minLength: 1,
      maxLength: 50,
    });
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const batch = list.map(({ id }) => ({
          jsonrpc: '2.0',
          method: 'queryAgents',
          ...(id === null ? {} : { id }),
        }));
        const { text } = await ask(JSON.stringify(batch));
        const answered = text === '' ? [] : (JSON.parse(text) as { id: unknown }[]).map(({ id }) => id);
        const expected = list.map(({ id }) => id).filter((id) => id !== null);
        expect(answered.map(String).sort()).toEqual(expected.map(String).sort());
      }),
      { numRuns: 100 },
    );
  });

  it('changes no prototype', async () => {
    await ask('{"jsonrpc":"2.0","method":"queryAgents","id":1,"params":{"__proto__":{"polluted":1}}}');
    await ask('[{"constructor":{"prototype":{"polluted":1}}}]');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('bodies made in this process', () => {
  const endless = (limit: number) => {
    let sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
        if (sent >= limit) controller.close();
      },
    });
    return { stream, sent: () => sent };
  };

  it('that lie about their length are cut off while they come', async () => {
    const body = endless(64 * 1024 * 1024);
    const { status } = await ask(body.stream, { ...json, 'content-length': '10' });
    expect(status).toBe(413);
    expect(body.sent()).toBeLessThan(2 * 1024 * 1024);
  });

  it('that declare too much are not read at all', async () => {
    const body = endless(64 * 1024 * 1024);
    const { status } = await ask(body.stream, { ...json, 'content-length': '2000000' });
    expect(status).toBe(413);
    expect(body.sent()).toBeLessThan(200_000);
  });

  it('that break are refused', async () => {
    const broken = new ReadableStream({
      pull() {
        throw new Error('gone');
      },
    });
    expect((await ask(broken)).status).toBe(400);
  });
});

describe('the handler', () => {
  it('never rejects, and logs what it did not expect', async () => {
    const logged: unknown[] = [];
    const error = (message: string, fields: unknown) => logged.push([message, fields]);
    const options = handlerOptions({
      dispatch: async (call, context) => {
        if (call.method === 'getMetrics') throw new Error('/home/ann/secret');
        return dispatch(call, context);
      },
    });
    const own = overFetch(createDoor({ ...options, logger: { ...options.logger, error } }));
    const response = await own(new Request('http://localhost/metrics', { headers: { host: 'localhost' } }));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(logged).toEqual([['request failed', expect.objectContaining({ error: expect.any(Error) })]]);
  });

  it('takes the host of the URL for Host where none is given', async () => {
    expect((await handler(new Request('http://localhost/health'))).status).toBe(200);
    expect((await handler(new Request('http://[::1]:3700/health'))).status).toBe(200);
    expect((await handler(new Request('http://evil.example/health'))).status).toBe(403);
    const headers = { host: 'evil.example' };
    expect((await handler(new Request('http://localhost/health', { headers }))).status).toBe(403);
  });
});
