/** Bytes that no HTTP library would send, and how a server listens and stops. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListenError, type Listening, listen } from '../../src/http/listen.ts';
import { post, raw, startServer } from './http-server.ts';

const call = '{"jsonrpc":"2.0","id":1,"method":"queryAgents"}';
const head = (length: number | string, extra = '') =>
  `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${extra}\r\n`;

describe('bytes', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each([
    ['nonsense', 400, 'NONSENSE\r\n\r\n'],
    ['a broken header', 400, 'GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n'],
    ['no Host', 403, 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['HTTP/1.0 without Host', 403, 'GET /health HTTP/1.0\r\n\r\n'],
    ['an empty Host', 403, 'GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
    [
      'two Hosts',
      403,
      'GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
    [
      'a Host with a user',
      403,
      'GET /health HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n',
    ],
    [
      'a foreign absolute target',
      403,
      'GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
    ['a target that is no path', 400, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['a negative length', 400, head('-1')],
    ['two lengths', 400, head(5, 'Content-Length: 6\r\n')],
    ['length and chunks', 400, head(5, 'Transfer-Encoding: chunked\r\n')],
    [
      'headers without end',
      431,
      `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    ['a bad chunk size', 400, `${head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked')}zz\r\n`],
  ])('%s → %i', async (_name, status, bytes) => {
    const answer = await raw(server.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toContain('healthy');
  });

  it('answers what the parser could not read with an error like any other', async () => {
    const answer = await raw(server.port, 'NONSENSE\r\n\r\n');
    const [headers, body = ''] = answer.split('\r\n\r\n');
    expect(headers).toMatch(/x-correlation-id: [0-9a-f-]{36}/i);
    expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', error: { code: -32600 }, id: null });
  });

  it('refuses a declared giant before it is sent', async () => {
    const answer = await raw(server.port, head(10 * 1024 ** 3), '\r\n\r\n{');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does not take what follows a length that lies for part of the body', async () => {
    const answer = await raw(server.port, `${head(call.length)}${call}GARBAGE\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await post(server.url, call)).status).toBe(200);
  });

  it('answers a chunked body that grows too large, then cuts it off', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const start = head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    const answer = await raw(server.port, start + chunk.repeat(20));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":-32600');
  });

  it('goes on with a connection whose body was refused whole', async () => {
    const refused = head(2).replace('Host: localhost', 'Host: evil.example');
    const answer = await raw(server.port, `${refused}{}${head(call.length)}${call}`, '"id":1');
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['403', '200']);
  });

  it('answers pipelined requests in order', async () => {
    const ids = [1, 2, 3].map((id) => call.replace('1,', `${id},`));
    const bytes = ids.map((body) => head(body.length) + body).join('');
    const answer = await raw(server.port, bytes, '"id":3');
    expect([...answer.matchAll(/"id":(\d)/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
  });

  it('outlives clients that leave halfway', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () => {
        const socket = connect(server.port, '127.0.0.1', () => socket.write(`${head(100)}{"json`));
        return new Promise<void>((resolve) => {
          setTimeout(() => socket.destroy(), 20);
          socket.on('close', () => resolve());
        });
      }),
    );
    expect((await post(server.url, call)).status).toBe(200);
  });
});

describe('listen', () => {
  const door = async (): Promise<Response> => new Response('x');

  it('says the address it is bound to', async () => {
    const server = await listen({ door, host: '127.0.0.1', port: 0, hasApiKey: false });
    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    await server.close();
  });

  it('refuses other addresses than loopback without a key', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org']) {
      await expect(listen({ door, host, port: 0, hasApiKey: false })).rejects.toThrow(/without an API key/);
    }
    const server = await listen({ door, host: '0.0.0.0', port: 0, hasApiKey: true });
    expect((await fetch(`http://127.0.0.1:${server.port}`)).status).toBe(200);
    await server.close();
  });

  it('says that a port is taken', async () => {
    const first = await listen({ door, host: '127.0.0.1', port: 0, hasApiKey: false });
    const second = listen({ door, host: '127.0.0.1', port: first.port, hasApiKey: false });
    await expect(second).rejects.toThrow(ListenError);
    await expect(second).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining(`port ${first.port} on 127.0.0.1 is taken`),
    });
    await first.close();
  });
});

describe('close', () => {
  it('lets the answer under way through, then takes nobody', async () => {
    let release: (value: object) => void = () => undefined;
    const entered = new Promise<void>((enter) => {
      release = () => enter();
    });
    let answer: (value: unknown) => void = () => undefined;
    const server = await startServer({
      dispatch: () => {
        release({});
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const asked = post(server.url, call);
    await entered;
    const closing = server.close();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    answer({ done: true });
    expect((await asked).text).toContain('"done":true');
    await closing;
  });

  it('does not wait for idle connections', async () => {
    const server = await startServer();
    const silent = connect(server.port, '127.0.0.1');
    const kept = connect(server.port, '127.0.0.1', () =>
      kept.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    const closed = [silent, kept].map(
      (socket) => new Promise<void>((resolve) => socket.on('close', () => resolve())),
    );
    await Promise.all([
      new Promise((resolve) => kept.once('data', resolve)),
      new Promise<void>((resolve) => silent.once('connect', () => resolve())),
    ]);
    await server.close();
    await Promise.all(closed);
  });

  it('cuts what is not done after the time to drain', async () => {
    const server = await startServer({ dispatch: () => new Promise(() => undefined) }, 50);
    const asked = post(server.url, call).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.close();
    expect(await asked).toBe('cut');
  });
});
