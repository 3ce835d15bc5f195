/** The client against a server of few words: what it does when that answers, refuses, stalls, or is not there. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Registry } from '../protocol/registry.ts';
import {
  CallsheetError,
  type ClientEvent,
  type ClientOptions,
  createClient,
  OrchestratorMCPClient,
} from './client.ts';

type Reply = (call: { method: string; params: unknown; id: number }, response: ServerResponse) => void;

const registry: Registry = {
  format: 'callsheet-registry-1',
  revision: 'r',
  agents: [{ id: 'a:tuner', name: 'tuner', description: 'Tunes slow databases.', capabilities: ['sql'] }],
  skills: [],
  workflows: [],
  roles: {},
};
const decision = (task_id: string) => ({
  task_id,
  task_description: 'tune it',
  agents_used: ['tuner'],
  result: 'success' as const,
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(reply: Reply, port = 0): Promise<string> {
  server = createServer(async (request, response) => reply(JSON.parse(await bodyOf(request)), response));
  await new Promise<void>((ready) => server?.listen(port, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const result =
  (value: unknown): Reply =>
  ({ id }, response) =>
    void response.end(JSON.stringify({ jsonrpc: '2.0', id, result: value }));
const failure =
  (code: number, data?: unknown): Reply =>
  ({ id }, response) =>
    void response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: 'as it says', data } }));

/** A client with no environment, whose clock stands still unless moved. */
function clientOf(options: ClientOptions) {
  const events: ClientEvent[] = [];
  const time = { now: 0 };
  const client = createClient({
    platform: bare,
    fallback: registry,
    clock: () => time.now,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { client, events, time };
}

/** A runtime with no environment and no files. */
const bare = { env: {}, cwd: undefined, files: undefined, addresses: () => [] };
const nobody = 'http://127.0.0.1:9';
const answer = { agents: [], reasoning: 'none', confidence: 0, cache_hit: false, route_id: 'r1' };

describe('a client whose server answers', () => {
  it('gives its answer, and keeps it for a while', async () => {
    let calls = 0;
    const url = await serve((call, response) => {
      calls++;
      result(answer)(call, response);
    });
    const { client, time } = clientOf({ url });
    expect(await client.queryAgents({ context: 'x' })).toEqual(answer);
    expect(await client.queryAgents({ context: 'x' })).toEqual({ ...answer, cache_hit: true });
    time.now = 31_000;
    await client.queryAgents({ context: 'x' });
    expect(calls).toBe(2);
    expect(client.stats()).toMatchObject({ remote: 2, cached: 1, fallback: 0 });
  });

  it('throws what it refuses as an error of the table', async () => {
    const nearest = [{ id: 'x', name: 'x', score: 0.5 }];
    const { client } = clientOf({ url: await serve(failure(-32044, { nearest })) });
    const thrown = await client.getDefinition({ id: 'y' }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(CallsheetError);
    expect(thrown).toMatchObject({ kind: 'not_found', data: { nearest } });
  });

  it('sends the key and the correlation id', async () => {
    let headers: IncomingMessage['headers'] = {};
    const url = await serve(result(answer));
    server?.prependListener('request', (request: IncomingMessage) => {
      headers = request.headers;
    });
    const { client } = clientOf({ url, apiKey: 'k' });
    await client.queryAgents({}, { correlationId: 'c-1' });
    expect(headers).toMatchObject({ authorization: 'Bearer k', 'x-correlation-id': 'c-1' });
  });
});

describe('a client whose server is away', () => {
  it('answers from the embedded registry and says so', async () => {
    const { client, events } = clientOf({ url: nobody });
    expect(await client.queryAgents({ context: 'slow databases' })).toMatchObject({
      agents: [{ id: 'a:tuner' }],
      source: 'fallback',
      cache_hit: false,
    });
    expect(events.map(({ kind }) => kind)).toEqual(['away', 'fallback']);
  });

  it.each<[string, Reply]>([
    ['says unavailable', failure(-32053)],
    ['is something else', (_, response) => void response.end('<html>')],
    [
      'answers another call',
      ({ id }, response) => void response.end(JSON.stringify({ jsonrpc: '2.0', id: id + 7, result: {} })),
    ],
    ['hangs up', (_, response) => void response.destroy()],
    ['stalls', () => undefined],
  ])('counts as away what %s', async (_, reply) => {
    const { client } = clientOf({ url: await serve(reply), timeoutMs: 100 });
    expect(await client.queryAgents({ capability: 'sql' })).toMatchObject({ source: 'fallback' });
  });

  it('validates what the server would have validated', async () => {
    const { client } = clientOf({ url: nobody });
    await expect(client.queryAgents({ limit: 99 })).rejects.toMatchObject({ kind: 'invalid_params' });
    await expect(client.cacheDecision({ ...decision('t'), agents_used: [] })).rejects.toMatchObject({
      kind: 'invalid_params',
    });
  });

  it('is an error without the fallback', async () => {
    const { client } = clientOf({ url: nobody, fallback: false });
    await expect(client.queryAgents({})).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(client.cacheDecision(decision('t'))).rejects.toThrow();
    expect(client.stats().queued).toBe(0);
  });

  it('passes on that the caller gave up', async () => {
    const { client } = clientOf({ url: await serve(() => undefined) });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(client.queryAgents({}, { signal })).rejects.toThrow('enough');
  });
});

describe('decisions while the server is away', () => {
  it('wait, and are delivered in order when it is back, each once', async () => {
    const url = await serve(result({}));
    const { port } = new URL(url);
    server?.close();
    const { client, events, time } = clientOf({ url });
    expect(await client.cacheDecision(decision('one'))).toEqual({ stored: false, queued: true });
    await client.cacheDecision(decision('two'));
    const seen: string[] = [];
    await serve((call, response) => {
      if (call.method === 'cacheDecision') seen.push((call.params as { task_id: string }).task_id);
      result({ stored: true })(call, response);
    }, Number(port));
    time.now = 60_000;
    await client.cacheDecision(decision('three'));
    expect(await client.flush()).toBe(0);
    expect(seen).toEqual(['three', 'one', 'two']);
    expect(client.stats()).toMatchObject({ delivered: 2, queued: 0 });
    expect(events.filter(({ kind }) => kind === 'back')).toHaveLength(1);
  });

  it('are dropped when the server will never take them, and do not block the others', async () => {
    const url = await serve((_, response) => void response.destroy());
    const { port } = new URL(url);
    const { client, time } = clientOf({ url });
    for (const task of ['one', 'bad', 'two']) await client.cacheDecision(decision(task));
    server?.close();
    server?.closeAllConnections();
    const taken: string[] = [];
    await serve((call, response) => {
      const { task_id } = call.params as { task_id: string };
      if (task_id === 'bad') return failure(-32602)(call, response);
      taken.push(task_id);
      result({ stored: true })(call, response);
    }, Number(port));
    time.now = 60_000;
    expect(await client.flush()).toBe(0);
    expect(taken).toEqual(['one', 'two']);
    expect(client.stats()).toMatchObject({ delivered: 2, dropped: 1 });
  });
});

describe('the client of the original design', () => {
  it('says once on the console that the server is away', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const face = new OrchestratorMCPClient({ url: nobody, fallback: registry, platform: bare });
    await face.queryAgents({ capability: 'sql' });
    await face.queryAgents({ capability: 'css' });
    expect(warned.mock.calls).toEqual([[expect.stringContaining('answering without it')]]);
    warned.mockRestore();
  });

  it('asks the same questions', async () => {
    const face = new OrchestratorMCPClient({
      url: nobody,
      fallback: registry,
      platform: bare,
      onEvent: () => undefined,
    });
    expect(await face.queryAgents({ capability: 'sql' })).toMatchObject({ agents: [{ id: 'a:tuner' }] });
    expect(await face.cacheDecision(decision('t'))).toMatchObject({ queued: true });
    await expect(face.getOrchestrationPattern('tune the database')).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(face.service.stats().queued).toBe(1);
  });
});
