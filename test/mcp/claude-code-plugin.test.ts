/** The plugin for Claude Code: its files, its launcher, and its hooks as Claude Code runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { openProject, type Project, type Serving, serve } from './session.ts';

const root = resolve(import.meta.dirname, '../..');
const plugin = join(root, 'integrations/claude-code');
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

interface Ran {
  readonly code: number;
  readonly said: string;
  readonly context: string | undefined;
}

async function hook(event: object | string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [join(plugin, 'hooks/hook.mjs')], {
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin.end(typeof event === 'string' ? event : JSON.stringify(event));
  const [code] = (await once(child, 'close')) as [number];
  const context = said === '' ? undefined : JSON.parse(said).hookSpecificOutput.additionalContext;
  return { code, said, context };
}

describe('the plugin', () => {
  it('is listed, whole, and of the version that its manifest says', () => {
    const { name, version } = readJson('integrations/claude-code/.claude-plugin/plugin.json');
    const { plugins } = readJson('.claude-plugin/marketplace.json') as { plugins: Record<string, string>[] };
    expect(plugins).toContainEqual(
      expect.objectContaining({ name, version, source: './integrations/claude-code' }),
    );
    const { hooks } = readJson('integrations/claude-code/hooks/hooks.json') as { hooks: object };
    expect(Object.keys(hooks).sort()).toEqual([
      'PostToolUse',
      'SessionStart',
      'SubagentStart',
      'SubagentStop',
      'UserPromptSubmit',
    ]);
    const skill = readFileSync(join(plugin, 'skills/choosing-agents/SKILL.md'), 'utf8');
    expect(encode(skill).length).toBeLessThan(350);
  });

  it('starts the server by what its .mcp.json says', async () => {
    const { command, args } = readJson('integrations/claude-code/.mcp.json').mcpServers.callsheet;
    const given = args.map((arg: string) => arg.replace(/\$\{CLAUDE_PLUGIN_ROOT\}/, plugin));
    const child = spawn(command, given, { cwd: tmpdir() });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`);
    await once(child, 'close');
    expect(JSON.parse(said)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });
});

describe('hooks', () => {
  let project: Project;
  let served: Serving;
  let work: string;
  beforeAll(async () => {
    project = await openProject(true);
    served = await serve(project);
    work = mkdtempSync(join(tmpdir(), 'callsheet-hooks-test-'));
  });
  afterAll(async () => {
    await served.stop();
    await project.remove();
    rmSync(work, { recursive: true, force: true });
  });

  const decisions = async () => {
    const { learning } = await createClient({ url: served.url, fallback: false, cacheMs: 0 }).getMetrics({});
    return learning?.decisions;
  };
  const common = (name: string) => ({ session_id: 's1', cwd: project.folder, hook_event_name: name });

  it('say in a line what can be found', async () => {
    const { code, context } = await hook({ ...common('SessionStart'), source: 'startup' });
    expect(code).toBe(0);
    expect(context).toMatch(/knows 6 agents, 3 skills and 2 workflows/);
  });

  it('offer agents for a prompt only when asked to, and briefly', async () => {
    const event = {
      ...common('UserPromptSubmit'),
      prompt: 'our SQL queries are slow, read the plan and add an index',
    };
    expect((await hook(event)).said).toBe('');
    const { context = '' } = await hook(event, { CALLSHEET_SUGGEST: '1' });
    expect(context).toContain('api:database-tuner');
    expect(encode(context).length).toBeLessThanOrEqual(120);
    expect((await hook({ ...event, prompt: 'qqq zzz' }, { CALLSHEET_SUGGEST: '1' })).said).toBe('');
  });

  it('record who worked, once, and claim no success without evidence', async () => {
    const before = (await decisions()) ?? 0;
    const agent = { agent_id: 'a1', agent_type: 'api:database-tuner' };
    await hook({ ...common('SubagentStart'), ...agent });
    const transcript = join(work, 'a1.jsonl');
    writeFileSync(transcript, lines(said('Find the slow query'), answered(1200)));
    await hook({ ...common('SubagentStop'), ...agent, agent_transcript_path: transcript });
    expect(await decisions()).toBe(before + 1);
    const tool_input = { subagent_type: agent.agent_type, description: 'Slow query', prompt: 'Find it' };
    const tool_response = { status: 'completed', agentId: 'a1', totalDurationMs: 2000, totalTokens: 1500 };
    await hook({ ...common('PostToolUse'), tool_name: 'Agent', tool_input, tool_response });
    expect(await decisions()).toBe(before + 1);
  });

  it('write into the journal while there is no server, with what the transcript shows', async () => {
    const away = await openProject();
    const state = join(away.folder, '.claude/mcp-server');
    mkdirSync(state, { recursive: true });
    const transcript = join(work, 'a2.jsonl');
    const test = { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm test' } };
    const result = { type: 'tool_result', tool_use_id: 't1', is_error: false, content: 'ok' };
    writeFileSync(
      transcript,
      lines(
        said('Mend the build'),
        { type: 'assistant', message: { content: [test] } },
        { type: 'user', message: { content: [result] } },
        answered(4000),
      ),
    );
    const event = { session_id: 's2', cwd: away.folder, hook_event_name: 'SubagentStop' };
    const { code } = await hook({
      ...event,
      agent_id: 'a2',
      agent_type: 'debugger',
      agent_transcript_path: transcript,
    });
    expect(code).toBe(0);
    const [file = ''] = readdirSync(join(state, 'journal'));
    expect(JSON.parse(readFileSync(join(state, 'journal', file), 'utf8'))).toEqual({
      task_id: 'claude-code:s2:a2',
      task_description: 'Mend the build',
      agents_used: ['debugger'],
      result: 'success',
      certainty: 0.6,
      source: 'claude-code-hook',
      duration_ms: 60_000,
      tokens_saved: 4000,
    });
    expect(await createClient({ url: served.url, root: away.folder }).flush()).toBe(0);
    await away.remove();
  });

  it('never fail, whatever they are given', async () => {
    for (const event of [
      '',
      'no JSON',
      '{}',
      { hook_event_name: 'constructor' },
      { ...common('SubagentStop'), agent_id: 7 },
    ]) {
      expect(await hook(event)).toMatchObject({ code: 0, said: '' });
    }
  });
});

const said = (text: string) => ({
  type: 'user',
  timestamp: '2026-01-01T00:00:00Z',
  message: { role: 'user', content: text },
});
const answered = (tokens: number) => ({
  type: 'assistant',
  timestamp: '2026-01-01T00:01:00Z',
  message: {
    content: [{ type: 'text', text: 'Done.' }],
    usage: { input_tokens: tokens - 500, cache_read_input_tokens: 500, output_tokens: 20 },
  },
});
const lines = (...entries: object[]): string =>
  `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
