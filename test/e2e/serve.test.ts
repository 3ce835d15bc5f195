/** `serve`, `query`, `reindex` and `problems` as people run them: built, in processes of their own. */
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { methods } from '../../src/protocol/methods.ts';
import { roster } from '../contract/service.contract.ts';
import { isBuilt, launch, type Running, runToEnd } from './cli-process.ts';

let folder: string;
let place: string[];
const running: Running[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'callsheet-serve-')));
  place = ['--root', roster, '--data-dir', join(folder, 'data')];
});

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(...more: string[]): Promise<{ server: Running; url: string }> {
  const server = launch(['serve', ...place, '--port', '0', ...more], folder);
  running.push(server);
  const [, url] = await server.until(/^callsheet listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
  return { server, url };
}

describe.skipIf(!isBuilt)('serve', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'says one line, ends at %s and leaves nothing',
    async (signal) => {
      const { server, url } = await serve();
      expect((await fetch(`${url}/health`)).status).toBe(200);
      expect(existsSync(join(folder, 'data', 'state.json'))).toBe(true);
      server.child.kill(signal);
      const { code, out } = await server.ended;
      expect({ code, lines: out.split('\n') }).toEqual({
        code: 0,
        lines: [`callsheet listening on ${url}`, ''],
      });
      expect(existsSync(join(folder, 'data', 'state.json'))).toBe(false);
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  it('names a port that is taken, and fails', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await runToEnd(['serve', ...place, '--port', String(port)], folder);
    other.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`port ${port} on 127.0.0.1 is taken`);
  });

  it('does not serve a project twice', async () => {
    const { url } = await serve();
    const { code, err } = await runToEnd(['serve', ...place, '--port', '0'], folder);
    expect(code).toBe(1);
    expect(err).toContain(`served already, at ${url}`);
  });

  it('writes its log beside its data', async () => {
    const { server, url } = await serve();
    await fetch(`${url}/health`);
    server.child.kill('SIGTERM');
    await server.ended;
    const files = readdirSync(join(folder, 'data', 'logs'));
    expect(files.some((name) => /^mcp-\d{4}-\d\d-\d\d\.log$/.test(name))).toBe(true);
  });

  it('refuses wrong flags with code 2', async () => {
    expect(await runToEnd(['serve', '--port', 'x'], folder)).toMatchObject({ code: 2, out: '' });
  });
});

describe.skipIf(!isBuilt)('query', () => {
  it('answers alike with a server and without', async () => {
    const ask = ['query', ...place, '--json', '--limit', '2', 'slow', 'SQL', 'queries'];
    const alone = await runToEnd(ask, folder);
    await serve();
    const asked = await runToEnd(ask, folder);
    const [one, other] = [alone, asked].map(({ out }) => methods.queryAgents.result.parse(JSON.parse(out)));
    expect(one.agents[0].id).toBe('api:database-tuner');
    expect(other.agents).toEqual(one.agents);
  });

  it('asks the server that MCP_URL names', async () => {
    const { url } = await serve();
    const elsewhere = ['query', '--root', folder, '--data-dir', join(folder, 'other'), 'slow SQL queries'];
    const { out } = await launch(elsewhere, folder, { MCP_URL: url }).ended;
    expect(out).toContain('api:database-tuner');
    expect(out).toContain(`answered by ${url}`);
  });

  it('prints for people: score, reason, confidence, tokens, no colour in a pipe', async () => {
    const { out, code } = await runToEnd(['query', ...place, 'slow SQL queries'], folder);
    expect(code).toBe(0);
    expect(out).toMatch(/^ 1\. api:database-tuner {2}0\.\d\d {2}opus\n/);
    expect(out).toMatch(/why: .*sql/);
    expect(out).toMatch(/confidence [01]\.\d\d · \d agents? · about \d+ tokens · answered by this process/);
    expect(out).not.toContain('\u001b');
  });

  it.each([
    [['--kind', 'skill', 'choose an index'], 'api:sql-tuning'],
    [['--kind', 'workflow', 'a new page'], 'web:build-page'],
    [['--role', 'frontend_developer', '--limit', '1'], 'web:react-specialist'],
    [['--capability', 'layout', '--detail', 'names'], 'web:css-stylist'],
  ])('takes %j', async (args, first) => {
    const { out } = await runToEnd(['query', ...place, ...args], folder);
    expect(out.split('\n')[0]).toContain(first);
  });

  it('says when nothing fits, and ends well', async () => {
    const nothing = ['query', ...place, '--kind', 'skill', '--category', 'xylophones', 'tune'];
    const { code, out } = await runToEnd(nothing, folder);
    expect(code).toBe(0);
    expect(out).toContain("There is no category 'xylophones'. Nearest:");
  });

  it.each([
    [[], 2, /say what is to be done/],
    [['--kind', 'agnet', 'x'], 2, /did you mean "agent"/],
    [['--kind', 'skill', '--role', 'x', 'y'], 2, /--role does not go with skills/],
    [['--kind', 'skill'], 2, /say what is to be done/],
    [['--limit', '21', 'x'], 2, /--limit/],
    [['x'.repeat(2001)], 2, /context: must have at most/],
    [['--role', 'frontend_develper'], 1, /There is no role 'frontend_develper'. Nearest: frontend_developer/],
  ])('refuses %j with code %i', async (args, code, message) => {
    const ended = await runToEnd(['query', ...place, ...args], folder);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toMatch(message);
  });
});

describe.skipIf(!isBuilt)('reindex and problems', () => {
  it('answer with a server and without', async () => {
    for (const served of [false, true]) {
      if (served) await serve();
      const reindexed = await runToEnd(['reindex', ...place, '--json'], folder);
      expect(JSON.parse(reindexed.out)).toMatchObject({ agents: 6, skills: 3, workflows: 2, problems: 1 });
      const problems = await runToEnd(['problems', ...place, '--json'], folder);
      expect(JSON.parse(problems.out)).toMatchObject([
        {
          file: 'agent-registry.yml',
          line: expect.any(Number),
          cause: expect.stringContaining('nobody-at-all'),
        },
      ]);
    }
  });

  it('print for people', async () => {
    expect((await runToEnd(['problems', ...place], folder)).out).toMatch(
      /^agent-registry\.yml:\d+\n {4}.*nobody-at-all/,
    );
    expect((await runToEnd(['reindex', ...place], folder)).out).toMatch(
      /^6 agents, 3 skills, 2 workflows, 3 roles/,
    );
  });
});
