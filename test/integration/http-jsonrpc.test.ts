/** JSON-RPC 2.0 over a real socket: every row of the tables in docs/api.md. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors } from '../../src/protocol/errors.ts';
import { post, startServer } from './http-server.ts';

let server: Awaited<ReturnType<typeof startServer>>;
const counted: number[] = [];
beforeAll(async () => {
  server = await startServer({ countError: (code) => counted.push(code) });
});
afterAll(() => server.close());

async function ask(body: string): Promise<{ status: number; json: unknown }> {
  const { status, text } = await post(server.url, body);
  return { status, json: text === '' ? undefined : JSON.parse(text) };
}

const error = (code: number, id: unknown) => ({
  jsonrpc: '2.0',
  error: expect.objectContaining({ code, message: expect.any(String) }),
  id,
});
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const call = (members: object) => JSON.stringify({ jsonrpc: '2.0', method: 'queryAgents', ...members });

describe('illegal input', () => {
  it.each([
    ['{', -32700],
    ['', -32700],
    ['{"jsonrpc":"2.0",}', -32700],
    ['[]', -32600],
    ['1', -32600],
    ['"x"', -32600],
    ['null', -32600],
    ['true', -32600],
    ['{}', -32600],
    ['{"method":"queryAgents"}', -32600],
    ['{"jsonrpc":2.0,"method":"queryAgents"}', -32600],
    ['{"jsonrpc":"1.0","method":"queryAgents"}', -32600],
    ['{"jsonrpc":"2.0","method":7}', -32600],
    ['{"jsonrpc":"2.0"}', -32600],
    [call({ params: 'x' }), -32600],
    [call({ params: null }), -32600],
    [call({ params: 3 }), -32600],
    [call({ id: {} }), -32600],
    [call({ id: [] }), -32600],
    [call({ id: true }), -32600],
    [`{"__proto__":{"jsonrpc":"2.0","method":"queryAgents","id":1}}`, -32600],
    [`[${Array(51).fill(call({ id: 1 }))}]`, -32600],
    [`{"jsonrpc":"2.0","method":"queryAgents","id":1,"params":${nested(32)}}`, -32600],
    [nested(100_000), -32600],
  ])('%.60s → one error %i with id null', async (body, code) => {
    expect(await ask(body)).toEqual({ status: 400, json: error(code, null) });
  });

  it('echoes an id that is legal', async () => {
    expect(await ask('{"jsonrpc":"1.0","method":"queryAgents","id":7}')).toEqual({
      status: 400,
      json: error(-32600, 7),
    });
    expect(await ask(call({ id: 'a', params: 1 }))).toEqual({ status: 400, json: error(-32600, 'a') });
  });

  it('answers [1,2,3] with three errors', async () => {
    const three = [1, 2, 3].map(() => error(-32600, null));
    expect(await ask('[1,2,3]')).toEqual({ status: 200, json: three });
  });

  it('takes what lies just within the limits', async () => {
    expect((await ask(`[${Array(50).fill(call({ id: 1 }))}]`)).json).toHaveLength(50);
    const deep = `{"jsonrpc":"2.0","method":"queryAgents","id":1,"params":{"a":${nested(30)}}}`;
    expect((await ask(deep)).status).toBe(200);
  });

  it('that is not UTF-8 is a parse error', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(await response.json()).toEqual(error(-32700, null));
  });

  it('is counted', async () => {
    counted.length = 0;
    await ask('{');
    await ask('[1, 2]');
    expect(counted).toEqual([-32700, -32600, -32600]);
  });
});

describe('ids', () => {
  it.each(['"x"', '""', '0', '1', '-5', '0.5', '1e21', 'null', '"ключ"'])(
    '%s comes back as it is',
    async (id) => {
      const { text } = await post(server.url, `{"jsonrpc":"2.0","method":"queryAgents","id":${id}}`);
      expect(JSON.parse(text).id).toBe(JSON.parse(id));
    },
  );
});

describe('answers', () => {
  it('carry the result', async () => {
    const { status, json } = await ask(call({ id: 1, params: { capability: 'react' } }));
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { params: { capability: 'react' }, correlation: expect.any(String), door: 'http' },
    });
  });

  it.each([
    ['queryAgents', [], 'invalid_params'],
    ['getDefinition', {}, 'not_found'],
    ['storePattern', {}, 'unavailable'],
    ['noSuchMethod', {}, 'method_not_found'],
    ['rpc.discover', {}, 'method_not_found'],
    ['toString', {}, 'method_not_found'],
    ['__proto__', {}, 'method_not_found'],
    ['cacheDecision', {}, 'internal'],
  ] as const)('%s(%j) fails as %s', async (method, params, name) => {
    const { status, json } = await ask(call({ id: 1, method, params }));
    expect({ status, json }).toEqual({ status: errors[name].status, json: error(errors[name].code, 1) });
  });

  it('of an unknown failure tell nothing but where the log has more', async () => {
    const { text, headers } = await post(server.url, call({ id: 1, method: 'cacheDecision' }));
    expect(JSON.parse(text).error).toEqual({
      code: -32603,
      message: 'Internal error',
      data: { correlation_id: headers.get('x-correlation-id') },
    });
  });

  it('that cannot be written are an internal error', async () => {
    expect(await ask(call({ id: 1, method: 'queryPattern' }))).toEqual({
      status: 500,
      json: error(-32603, 1),
    });
  });
});

describe('notifications', () => {
  it.each([call({}), call({ method: 'noSuchMethod' }), `[${call({})},${call({ method: 'cacheDecision' })}]`])(
    '%.80s → 204 without a body',
    async (body) => {
      expect(await ask(body)).toEqual({ status: 204, json: undefined });
    },
  );

  it('are executed', async () => {
    const seen: unknown[] = [];
    const own = await startServer({ dispatch: async ({ params }) => seen.push(params) });
    await post(own.url, call({ params: { a: 1 } }));
    await own.close();
    expect(seen).toEqual([{ a: 1 }]);
  });
});

describe('batches', () => {
  it('answer calls and refusals, not notifications', async () => {
    const { status, json } = await ask(
      `[${call({ id: 1 })},${call({})},7,${call({ id: 2, method: 'getDefinition' })}]`,
    );
    expect(status).toBe(200);
    expect(json).toHaveLength(3);
    expect(json).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 1 }), error(-32600, null), error(-32044, 2)]),
    );
  });

  it('run a few calls at a time, all of them', async () => {
    let running = 0;
    let most = 0;
    let all = 0;
    const own = await startServer({
      dispatch: async () => {
        most = Math.max(most, ++running);
        all += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        return {};
      },
    });
    await post(own.url, `[${Array(50).fill(call({ id: 1 }))}]`);
    await own.close();
    expect(all).toBe(50);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('correlation ids', () => {
  it('are the caller’s where they are legal, else new', async () => {
    const sent = async (id: string) => {
      const { text, headers } = await post(server.url, call({ id: 1 }), { 'x-correlation-id': id });
      expect(JSON.parse(text).result.correlation).toBe(headers.get('x-correlation-id'));
      return headers.get('x-correlation-id');
    };
    expect(await sent('trace:1.2_3-4')).toBe('trace:1.2_3-4');
    expect(await sent('no spaces')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await sent('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });
});
