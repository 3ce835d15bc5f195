/** Routes and guards over a real socket. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerState } from '../../src/http/routes.ts';
import { post, type Reply, startServer } from './http-server.ts';

type Server = Awaited<ReturnType<typeof startServer>>;
const call = '{"jsonrpc":"2.0","id":1,"method":"queryAgents"}';
const key = 'correct horse battery staple'.replaceAll(' ', '-');

/** With node:http, since fetch lets nobody choose Host. */
function send(
  server: Server,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
) {
  return new Promise<Reply>((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: server.port, method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        const pairs = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            headers: new Headers(Object.fromEntries(pairs)),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const failure = (code: number) => ({
  jsonrpc: '2.0',
  error: { code, message: expect.any(String) },
  id: null,
});

describe('an open server', () => {
  let server: Server;
  let state: ServerState = 'serving';
  beforeAll(async () => {
    server = await startServer({
      state: () => state,
      instance: 'i-1',
      mounts: [
        {
          path: '/mcp',
          verbs: ['POST', 'DELETE'],
          handle: async (request, { parsedBody }) =>
            Response.json(
              { text: await request.text(), parsedBody },
              { headers: { 'x-powered-by': 'mount' } },
            ),
        },
        { path: '/assets/*', verbs: ['GET'], handle: async ({ url }) => new Response(new URL(url).pathname) },
      ],
    });
  });
  afterEach(() => {
    state = 'serving';
  });
  afterAll(() => server.close());

  it('answers /health by its state', async () => {
    const well = await send(server, 'GET', '/health');
    expect(well.status).toBe(200);
    expect(JSON.parse(well.text)).toMatchObject({ status: 'healthy', version: '0.0.0' });
    expect(well.headers.get('x-callsheet-instance')).toBe('i-1');
    for (state of ['starting', 'stopping'] as const) {
      const { status, text } = await send(server, 'GET', '/health');
      expect([status, JSON.parse(text).status]).toEqual([503, state]);
    }
  });

  it('answers /health 200 when degraded', async () => {
    const own = await startServer({ dispatch: async () => ({ status: 'degraded' }) });
    expect((await send(own, 'GET', '/health')).status).toBe(200);
    await own.close();
  });

  it.each([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'text/plain, application/json', 'application/json'],
    ['', 'application/json;q=0.5, text/plain;q=0.9', 'text/plain; version=0.0.4; charset=utf-8'],
    ['', 'text/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['', 'text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
    [
      '',
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    ],
    ['', 'text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['', 'text/plain;q=0, */*', 'application/json'],
    ['?format=prometheus', 'application/json', 'text/plain; version=0.0.4; charset=utf-8'],
    ['?format=openmetrics', undefined, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
    ['?format=json', 'text/plain', 'application/json'],
  ])('answers /metrics%s for Accept %s as %s', async (query, accept, type) => {
    const { status, headers } = await send(server, 'GET', `/metrics${query}`, accept ? { accept } : {});
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  it('refuses a format of metrics that it does not know', async () => {
    const { status, text } = await send(server, 'GET', '/metrics?format=xml');
    expect([status, JSON.parse(text)]).toEqual([400, failure(-32602)]);
  });

  it('answers POST /reindex with the result alone', async () => {
    expect(JSON.parse((await send(server, 'POST', '/reindex')).text)).toEqual({ revision: 'r1', params: {} });
    expect(JSON.parse((await post(`${server.url}/reindex`, '{"a":1}')).text).params).toEqual({ a: 1 });
    expect((await post(`${server.url}/reindex`, '{')).status).toBe(400);
  });

  it.each(['/', '/nothing', '/health/', '/mcp/x', '/../etc/passwd', '/assets'])(
    'answers GET %s with 404',
    async (path) => {
      const { status, text } = await send(server, 'GET', path);
      expect([status, JSON.parse(text)]).toEqual([404, failure(-32044)]);
    },
  );

  it.each([
    ['GET', '/reindex', 'POST, OPTIONS'],
    ['DELETE', '/', 'POST, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['PUT', '/metrics', 'GET, HEAD, OPTIONS'],
    ['TRACE', '/', 'POST, OPTIONS'],
    ['GET', '/mcp', 'POST, DELETE, OPTIONS'],
  ])('answers %s %s with 405 and Allow: %s', async (verb, path, allow) => {
    const { status, text, headers } = await send(server, verb, path);
    expect([status, JSON.parse(text), headers.get('allow')]).toEqual([405, failure(-32600), allow]);
  });

  it('answers HEAD like GET without a body, OPTIONS with Allow', async () => {
    const head = await send(server, 'HEAD', '/health');
    const get = await send(server, 'GET', '/health');
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
      200,
      '',
      get.headers.get('content-length'),
    ]);
    const options = await send(server, 'OPTIONS', '/');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
    expect([...options.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('lets pages of allowed origins read, after a preflight, and no others', async () => {
    const origin = 'http://localhost:3000';
    const preflight = await send(server, 'OPTIONS', '/', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, authorization',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type, authorization');
    const health = await send(server, 'GET', '/health', { origin });
    expect(health.headers.get('access-control-allow-origin')).toBe(origin);
    expect(health.headers.get('vary')).toBe('origin');
    const foreign = await send(server, 'OPTIONS', '/', {
      origin: 'https://example.com',
      'access-control-request-method': 'POST',
    });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('puts its headers on every response', async () => {
    const replies = [
      await send(server, 'GET', '/health'),
      await send(server, 'GET', '/nothing'),
      await post(server.url, call),
      await post(server.url, '{"jsonrpc":"2.0","method":"queryAgents"}'),
      await send(server, 'GET', '/assets/a.css'),
      await send(server, 'GET', '/health', { host: 'evil.example' }),
    ];
    for (const { headers } of replies) {
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(replies[0]?.headers.has('x-powered-by')).toBe(false);
  });

  it('hands a mount the body whole and parsed, after the guards', async () => {
    const { status, text } = await post(`${server.url}/mcp`, '{"a":[1]}');
    expect([status, JSON.parse(text)]).toEqual([200, { text: '{"a":[1]}', parsedBody: { a: [1] } }]);
    expect((await post(`${server.url}/mcp`, '{}', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(`${server.url}/mcp`, '['.repeat(40) + ']'.repeat(40))).status).toBe(400);
    expect((await post(`${server.url}/mcp`, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    state = 'stopping';
    expect((await post(`${server.url}/mcp`, '{}')).status).toBe(503);
  });

  it('lets a mount answer in a stream, and tells it when the client leaves', async () => {
    let told: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      told = resolve;
    });
    const handle = async ({ signal }: Request): Promise<Response> => {
      signal.addEventListener('abort', told);
      const first = new TextEncoder().encode('first');
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(first) }));
    };
    const own = await startServer({ mounts: [{ path: '/events', verbs: ['GET'], handle }] });
    const leaving = new AbortController();
    const response = await fetch(`${own.url}/events`, { signal: leaving.signal });
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('first');
    leaving.abort();
    await left;
    await own.close();
  });

  it('routes everything below a prefix', async () => {
    expect((await send(server, 'GET', '/assets/deep/a.css?x')).text).toBe('/assets/deep/a.css');
  });

  it.each([
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['localhost.:80', 200],
    ['127.0.0.1:3700', 200],
    ['127.1.2.3', 200],
    ['[::1]:3700', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['128.0.0.1', 403],
    ['[::2]', 403],
    ['0.0.0.0', 403],
  ])('answers Host %s with %i', async (host, status) => {
    const reply = await send(server, 'GET', '/health', { host });
    expect(reply.status).toBe(status);
    if (status === 403) expect(JSON.parse(reply.text)).toEqual(failure(-32043));
  });

  it.each([
    ['http://localhost:5173', 200],
    ['https://127.0.0.1', 200],
    ['http://[::1]:1', 200],
    ['https://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['null', 403],
    ['http://localhost@evil.example', 403],
    ['', 403],
  ])('answers Origin %s with %i', async (origin, status) => {
    expect((await send(server, 'GET', '/health', { origin })).status).toBe(status);
  });

  it('takes JSON alone', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
      const { status, text } = await post(server.url, call, { 'content-type': type });
      expect([status, JSON.parse(text)]).toEqual([415, failure(-32600)]);
    }
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.x+json']) {
      expect((await post(server.url, call, { 'content-type': type })).status).toBe(200);
    }
    expect(
      (await post(server.url, call, { 'content-type': 'application/json; charset=utf-16' })).status,
    ).toBe(415);
    expect((await post(server.url, call, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(`${server.url}/reindex`, '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('takes a body of a mebibyte and not a byte more', async () => {
    const most = 1024 * 1024;
    const padded = call.padEnd(most, ' ');
    expect((await post(server.url, padded)).status).toBe(200);
    const { status, text } = await post(server.url, `${padded} `);
    expect([status, JSON.parse(text)]).toEqual([413, failure(-32600)]);
  });

  it('counts a chunked body while it comes', async () => {
    const chunk = new Uint8Array(64 * 1024).fill(32);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk);
        if (sent > 64 * 1024 * 1024) controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    const response = await fetch(server.url, init as RequestInit).catch(() => undefined);
    // Either the answer arrived, or the connection was closed on us while we were still sending.
    expect(response?.status ?? 413).toBe(413);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('takes a chunked body within the limit', async () => {
    const body = new Blob([call]).stream();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    expect((await fetch(server.url, init as RequestInit)).status).toBe(200);
  });
});

describe('a server that allows more', () => {
  it('lets the names in that it is told', async () => {
    const guard = {
      allowedHosts: ['sheet.example'],
      allowedOrigins: ['https://app.example'],
      rateLimit: 0,
      now: () => 0,
    };
    const server = await startServer({ guard });
    expect((await send(server, 'GET', '/health', { host: 'Sheet.Example:80' })).status).toBe(200);
    expect((await send(server, 'GET', '/health', { origin: 'https://app.example' })).status).toBe(200);
    expect((await send(server, 'GET', '/health', { origin: 'http://app.example' })).status).toBe(403);
    expect((await send(server, 'GET', '/health', { host: 'other.example' })).status).toBe(403);
    await server.close();
  });
});

describe('a server with a rate limit', () => {
  it('lets a burst of twice the rate through, then one for each part of a second', async () => {
    let now = 0;
    const counted: number[] = [];
    const server = await startServer({
      guard: { allowedHosts: [], allowedOrigins: [], rateLimit: 5, now: () => now },
      countError: (code) => counted.push(code),
    });
    const next = async () => (await send(server, 'GET', '/health')).status;
    for (let i = 0; i < 10; i++) expect(await next()).toBe(200);
    const { status, text, headers } = await send(server, 'GET', '/health');
    expect([status, JSON.parse(text), headers.get('retry-after')]).toEqual([429, failure(-32029), '1']);
    now += 200;
    expect([await next(), await next()]).toEqual([200, 429]);
    now += 60_000;
    for (let i = 0; i < 10; i++) expect(await next()).toBe(200);
    expect(await next()).toBe(429);
    expect(counted).toEqual([-32029, -32029, -32029]);
    await server.close();
  });
});

describe('a server with a key', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({
      guard: { allowedHosts: [], allowedOrigins: [], rateLimit: 0, apiKey: key, now: () => 0 },
      mounts: [{ path: '/mcp', verbs: ['POST'], handle: async () => new Response('mcp') }],
    });
  });
  afterAll(() => server.close());

  it('tells who has none the status alone', async () => {
    const { status, text } = await send(server, 'GET', '/health');
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'healthy' }]);
  });

  it.each([
    ['POST', '/'],
    ['GET', '/'],
    ['GET', '/metrics'],
    ['POST', '/reindex'],
    ['POST', '/mcp'],
    ['GET', '/nothing'],
    ['OPTIONS', '/metrics'],
  ])('answers %s %s with 401', async (verb, path) => {
    const { status, text, headers } = await send(server, verb, path);
    expect([status, verb === 'HEAD' ? '' : JSON.parse(text)]).toEqual([401, failure(-32041)]);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each([`Bearer ${key}x`, `Bearer ${key.slice(1)}`, `Basic ${key}`, key, 'Bearer', 'Bearer  '])(
    'does not take "%s"',
    async (authorization) => {
      expect((await send(server, 'GET', '/metrics', { authorization })).status).toBe(401);
    },
  );

  it('opens everything to who has it', async () => {
    const authorization = `bearer ${key}`;
    expect((await send(server, 'GET', '/metrics', { authorization })).status).toBe(200);
    expect((await post(server.url, call, { authorization })).status).toBe(200);
    expect(JSON.parse((await send(server, 'GET', '/health', { authorization })).text).version).toBe('0.0.0');
  });
});
