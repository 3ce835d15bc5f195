/** The client through a server that comes and goes: every call is answered, every decision arrives, none twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { createClient } from '../../src/client/client.ts';
import { readConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { roster } from '../contract/service.contract.ts';

const CALLS = 1000;
const AT_ONCE = 4;
/** Calls between a change of the server's mind. */
const PHASE = 100;
const home = mkdtempSync(join(tmpdir(), 'flapping-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A server on one port that can be stopped and started again while calls are under way. */
async function flappingServer() {
  const config = readConfig({
    cwd: home,
    home,
    env: {},
    flags: { root: [roster], 'data-dir': home, port: 0 },
  });
  const launch = async (port: number): Promise<{ app: App; url: string }> => {
    const app = await createApp(config, { logger: silentLogger });
    return { app, url: (await app.start(port)).url };
  };
  const { app, url } = await launch(0);
  const port = Number(new URL(url).port);
  let current: App | undefined = app;
  let turn: Promise<void> = Promise.resolve();
  const toggle = (): void => {
    turn = turn.then(async () => {
      if (!current) ({ app: current } = await launch(port));
      else {
        await current.stop();
        current = undefined;
      }
    });
  };
  return {
    url,
    toggle,
    /** Up, with nothing under way. */
    settled: async (): Promise<App> => {
      await turn;
      if (!current) toggle();
      await turn;
      if (!current) throw new Error('the server is not up');
      return current;
    },
  };
}

describe('a client through a flapping server', () => {
  it(`answers ${CALLS} calls and delivers every decision once`, { timeout: 180_000 }, async () => {
    const server = await flappingServer();
    // The breaker's waits are shortened: a call every few milliseconds is to meet every state of the server.
    const client = createClient({
      url: server.url,
      root: home,
      cacheMs: 0,
      timeoutMs: 10_000,
      clock: () => performance.now() * 100,
    });
    const counts = { server: 0, fallback: 0, decisions: 0, queued: 0 };
    const decide = async (): Promise<void> => {
      const { queued } = await client.cacheDecision({
        task_id: `t-${counts.decisions++}`,
        task_description: 'add an index to the orders table',
        agents_used: ['database-tuner'],
        result: 'success',
      });
      if (queued) counts.queued++;
    };
    const ask = async (i: number): Promise<void> => {
      const { reasoning, source = 'server' } = await client.queryAgents({ context: `slow SQL queries ${i}` });
      expect(reasoning).not.toBe('');
      counts[source]++;
    };
    for (let i = 0; i < CALLS; i += AT_ONCE) {
      if (i > 0 && i % PHASE === 0) server.toggle();
      const calls = Array.from({ length: AT_ONCE }, (_, at) => (at === 0 ? decide() : ask(i + at)));
      await Promise.all(calls);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const app = await server.settled();
    while ((await client.flush()) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const { patterns } = await app.service.queryPattern({ goal: 'add an index to the orders table' });
    await app.stop();

    expect(counts.server + counts.fallback + counts.decisions).toBe(CALLS);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    expect(client.stats()).toMatchObject({ dropped: 0, queued: 0, delivered: counts.queued });
    expect(patterns[0]).toMatchObject({
      task_count: counts.decisions,
      pattern: { success_count: counts.decisions, failure_count: 0 },
    });
  });
});
