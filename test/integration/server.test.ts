/** The whole server over real HTTP: answers while its catalogue changes, its states, what it remembers. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { methods } from '../../src/protocol/methods.ts';
import type { Service } from '../../src/protocol/service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { jsonRpcService } from '../contract/json-rpc-service.ts';
import { type AppSetup, openApp, type RunningApp } from '../contract/running-app.ts';
import { roster } from '../contract/service.contract.ts';

let folder: string;
let root: string;
const opened: RunningApp[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'callsheet-server-')));
  root = join(folder, 'root');
  cpSync(roster, root, { recursive: true });
});

afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(setup: Partial<AppSetup> = {}): Promise<RunningApp> {
  const dataDir = join(folder, 'data');
  const running = await openApp({
    roots: [root],
    listen: true,
    dataDir,
    env: { CALLSHEET_RATE_LIMIT: '0' },
    ...setup,
  });
  opened.push(running);
  return running;
}

function writeAgent(name: string, description: string): void {
  const agents = join(root, 'plugins', 'fresh', 'agents');
  mkdirSync(agents, { recursive: true });
  writeFileSync(
    join(agents, `${name}.md`),
    `---\nname: ${name}\ndescription: ${description}\n---\n\nBody.\n`,
  );
}

describe('re-indexing', () => {
  it('answers every query while it goes on, from the old catalogue or the new one', async () => {
    const { url } = await open();
    const service = jsonRpcService(url);
    let going = true;
    let answered = 0;
    const ask = async (): Promise<void> => {
      for (let i = 0; going; i++) {
        const answer = await service.queryAgents({ context: `responsive pages number ${i % 7}`, limit: 3 });
        methods.queryAgents.result.parse(answer);
        expect(answer.agents.length).toBeGreaterThan(0);
        answered++;
      }
    };
    const asking = Promise.all([ask(), ask(), ask()]);
    for (let i = 0; i < 5; i++) {
      writeAgent(`agent-${i}`, `Paints zebra crossings, number ${i}.`);
      const response = await fetch(`${url}/reindex`, { method: 'POST' });
      expect(await response.json()).toMatchObject({ agents: 7 + i });
      const { agents } = await service.queryAgents({ context: 'paint a zebra crossing', limit: 20 });
      expect(agents.map(({ name }) => name)).toContain(`agent-${i}`);
    }
    going = false;
    await asking;
    expect(answered).toBeGreaterThan(0);
  });

  it('serves nothing stale from the cache', async () => {
    // Without a watcher, which may be quicker.
    const { service } = (await open({ listen: false })).app;
    const question = { context: 'paint a zebra crossing', limit: 20 };
    await service.queryAgents(question);
    writeAgent('zebra', 'Paints zebra crossings.');
    await service.reindex({});
    const after = await service.queryAgents(question);
    expect([after.cache_hit, after.agents[0].id]).toEqual([false, 'fresh:zebra']);
    rmSync(join(root, 'plugins', 'fresh'), { recursive: true });
    expect(await service.reindex({})).toMatchObject({ agents: 6, removed: 1 });
    const { agents } = await service.queryAgents(question);
    expect(agents.map(({ id }) => id)).not.toContain('fresh:zebra');
  });

  /** Settles when there are that many agents. */
  async function grownTo(agents: number, service: Service): Promise<void> {
    const until = Date.now() + 15_000;
    while ((await service.getHealth({})).indexes.agents !== agents) {
      if (Date.now() > until) throw new Error(`there are not ${agents} agents`);
      await sleep(50);
    }
  }

  it('notices a new file by itself', async () => {
    const service = jsonRpcService((await open()).url);
    await sleep(300);
    writeAgent('watched', 'Counts the stripes of zebras.');
    await grownTo(7, service);
  });

  it('notices a file written after the first index and before the first watch', async () => {
    const { app } = await open({ listen: false });
    writeAgent('early', 'Counts the stripes of zebras.');
    app.follow();
    await grownTo(7, app.service);
  });
});

describe('states', () => {
  const health = (app: { handle(request: Request): Promise<Response> }): Promise<Response> =>
    app.handle(new Request('http://localhost/health', { headers: { host: 'localhost' } }));
  const ask = (app: { handle(request: Request): Promise<Response> }): Promise<Response> =>
    app.handle(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { host: 'localhost', 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"queryAgents","params":{}}',
      }),
    );

  it('are starting, serving, stopping', async () => {
    const flags = { root: [root], 'data-dir': join(folder, 'data'), port: 0 };
    const app = await createApp(readConfig({ cwd: folder, home: folder, env: {}, flags }), {
      logger: silentLogger,
    });
    const starting = await health(app);
    expect([starting.status, await starting.json()]).toMatchObject([503, { status: 'starting' }]);
    expect((await ask(app)).status).toBe(503);
    await app.load();
    const serving = await health(app);
    expect([serving.status, await serving.json()]).toMatchObject([200, { status: 'healthy' }]);
    expect((await ask(app)).status).toBe(200);
    await app.stop();
    const refused = await ask(app);
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: -32053 } }]);
  });

  it('say when there is no embedding, and everything works by words', async () => {
    const { url } = await open({ env: { CALLSHEET_MODEL_DIR: join(folder, 'none') } });
    const service = jsonRpcService(url);
    const { status, warnings } = await service.getHealth({});
    expect(status).toBe('healthy');
    expect(warnings).toContain('There is no embedding file: search works by words alone.');
    const { agents, reasoning } = await service.queryAgents({ context: 'slow SQL queries' });
    expect(agents[0].id).toBe('api:database-tuner');
    expect(reasoning).toContain('by words alone');
  });

  it('survive an embedding that is none', async () => {
    const model = join(folder, 'model');
    mkdirSync(model);
    for (const name of ['config.json', 'vocab.txt', 'model.safetensors'])
      writeFileSync(join(model, name), '{}');
    const { url } = await open({ env: { CALLSHEET_MODEL_DIR: model } });
    const { warnings } = await jsonRpcService(url).getHealth({});
    expect(warnings).toContain('The embedding cannot be read: search works by words alone.');
  });
});

describe('settings', () => {
  it.each(['MCP_CACHE_TTL', 'CALLSHEET_CACHE_TTL'])('%s=0 keeps no answers', async (name) => {
    const { url } = await open({ env: { [name]: '0' } });
    const service = jsonRpcService(url);
    await service.queryAgents({ context: 'x' });
    expect((await service.queryAgents({ context: 'x' })).cache_hit).toBe(false);
  });
});

describe('memory', () => {
  const goal = 'build the settings page';
  const agents_used = ['web:css-stylist', 'web:react-specialist'];

  it('leads from an answer over its outcome to a plan, and outlives a restart', async () => {
    const first = await open();
    const service = jsonRpcService(first.url);
    const { route_id } = await service.queryAgents({ context: goal });
    const decision = {
      task_id: 't1',
      task_description: goal,
      agents_used,
      result: 'success',
      route_id,
    } as const;
    const stored = await service.cacheDecision(decision);
    expect(stored).toMatchObject({ stored: true, learned: true });
    expect(await service.cacheDecision(decision)).toMatchObject({
      stored: true,
      learned: false,
      decision_id: stored.decision_id,
    });
    await first.close();
    const second = jsonRpcService((await open()).url);
    const plan = await second.getOrchestrationPattern({ goal });
    expect(plan).toMatchObject({ source: 'learned', pattern: { agent_sequence: agents_used } });
    expect((await second.getMetrics({})).learning?.decisions).toBe(1);
    const { database, indexes, status } = await second.getHealth({});
    expect({ connected: database.connected, status }).toEqual({ connected: true, status: 'healthy' });
    expect(indexes.patterns).toBeGreaterThan(0);
  });

  it('makes a new question of an old one when something was learned', async () => {
    const { url } = await open();
    const service = jsonRpcService(url);
    await service.queryAgents({ context: goal });
    expect((await service.queryAgents({ context: goal })).cache_hit).toBe(true);
    await service.cacheDecision({ task_id: 't2', task_description: goal, agents_used, result: 'success' });
    expect((await service.queryAgents({ context: goal })).cache_hit).toBe(false);
  });

  it('answers results of the schemas for every method', async () => {
    const { url } = await open();
    const service = jsonRpcService(url);
    const dependencies = { 'web:react-specialist': ['web:css-stylist'] };
    const { pattern } = await service.storePattern({ goal, agent_sequence: agents_used, dependencies });
    methods.storePattern.result.parse({ pattern });
    methods.queryPattern.result.parse(await service.queryPattern({ goal }));
    methods.getOrchestrationPattern.result.parse(await service.getOrchestrationPattern({ goal }));
    methods.getMetrics.result.parse(await service.getMetrics({}));
    methods.getHealth.result.parse(await service.getHealth({}));
    const none = service.getOrchestrationPattern({ goal: 'bake bread on the moon' });
    await expect(none).rejects.toMatchObject({ code: -32044, data: { nearest: expect.any(Array) } });
  });
});
