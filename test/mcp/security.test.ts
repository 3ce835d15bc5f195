/** Who may come through the door of the protocol, and what it holds in memory before anybody does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type RunningApp } from '../contract/running-app.ts';
import { newClient, overHttp } from './session.ts';

const roots = [resolve(import.meta.dirname, '../fixtures/roster')];
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

function post(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body: string = JSON.stringify(ping),
) {
  const accept = 'application/json, text/event-stream';
  return new Request(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body,
  });
}

describe('with a key', () => {
  const key = 'a-key-of-some-length';
  let running: RunningApp;
  beforeAll(async () => {
    running = await openApp({ roots, listen: true, env: { CALLSHEET_API_KEY: key } });
  });
  afterAll(() => running.close());

  it('sends away who does not bring it, and says where to read how', async () => {
    const answer = await fetch(post(running.url));
    expect(answer.status).toBe(401);
    const metadata = `${running.url}/.well-known/oauth-protected-resource/mcp`;
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="callsheet", resource_metadata="${metadata}"`,
    );
    const described = await fetch(metadata);
    expect(await described.json()).toEqual({
      resource: `${running.url}/mcp`,
      resource_name: 'Callsheet',
      bearer_methods_supported: ['header'],
    });
  });

  it('serves who brings it', async () => {
    const client = await overHttp(running.url, newClient('modern'), key);
    expect((await client.listTools()).tools).toHaveLength(6);
    await client.close();
  });
});

describe('without a key', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await openApp({ roots });
  });
  afterAll(() => running.close());
  const url = 'http://127.0.0.1:3700';
  const answer = (request: Request) => running.app.handle(request);

  it('has no metadata of a protected resource', async () => {
    expect((await answer(new Request(`${url}/.well-known/oauth-protected-resource`))).status).toBe(404);
  });

  it('refuses foreign hosts and origins', async () => {
    expect((await answer(post('http://evil.example'))).status).toBe(403);
    expect((await answer(post(url, { origin: 'https://evil.example' }))).status).toBe(403);
    expect((await answer(post(url, { origin: 'http://localhost:5173' }))).status).toBe(200);
  });

  it('refuses what is too large, no JSON or no POST', async () => {
    expect((await answer(post(url, {}, JSON.stringify({ ...ping, x: 'x'.repeat(1_100_000) })))).status).toBe(
      413,
    );
    expect((await answer(post(url, { 'content-type': 'text/plain' }))).status).toBe(415);
    const streamed = await answer(new Request(`${url}/mcp`, { headers: { accept: 'text/event-stream' } }));
    expect(streamed.status).toBe(405);
    expect(streamed.headers.get('allow')).toContain('POST');
  });

  it('keeps no session', async () => {
    const answered = await answer(post(url));
    expect(answered.headers.get('mcp-session-id')).toBeNull();
  });
});

describe('the SDK', () => {
  it('is imported in one place, when it is needed', () => {
    const source = resolve(import.meta.dirname, '../../src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const atStart = files.filter((file) =>
      /^import (?!type\b)[^;]*from '@modelcontextprotocol/m.test(readFileSync(join(source, file), 'utf8')),
    );
    const later = files.filter((file) =>
      /import\('@modelcontextprotocol/.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(atStart).toEqual([]);
    expect(later).toEqual(['mcp/sdk.ts']);
  });
});
