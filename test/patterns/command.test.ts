/** `callsheet patterns` over a real database. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Invocation } from '../../src/cli/command.ts';
import { patterns } from '../../src/cli/commands/patterns.ts';
import { drawPlan } from '../../src/cli/drawing.ts';
import { planOf } from '../../src/patterns/plan.ts';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callsheet-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const open = (name: string): Promise<Storage> =>
  openStorage({ directory: join(folder, name), clock: () => 1_700_000_000_000, log: silent });

async function run(directory: string, ...words: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const positionals = words.filter((word) => !word.startsWith('--'));
  const flags = words.filter((word) => word.startsWith('--')).map((word) => [word.slice(2), true] as const);
  const invocation: Invocation = {
    options: { 'data-dir': join(folder, directory), root: [folder], ...Object.fromEntries(flags) },
    positionals,
    cwd: folder,
    out: { line: (text) => lines.push(text), terminal: false },
    err: { line: () => undefined, terminal: false },
  };
  return { code: await patterns.run(invocation), out: lines.join('\n') };
}

async function fill(directory: string, result: 'success' | 'failure', count: number): Promise<void> {
  const storage = await open(directory);
  const plan = planOf({ agent_sequence: ['a', 'b', 'c'], dependencies: { c: ['a', 'b'] } });
  const pattern = { id: 'pat-1', goal: 'ship it', ...plan, created_at: 1 };
  for (let at = 0; at < count; at++) {
    const decision = {
      task_id: `t${at}`,
      task_description: 'ship it',
      agents_used: ['a'],
      result,
      at: at + 1,
    };
    await storage.recordDecision({ ...decision, pattern_id: 'pat-1', duration_ms: 10 * (at + 1) }, pattern);
  }
  await storage.close();
}

describe('callsheet patterns', () => {
  it('lists and draws', async () => {
    await fill('one', 'success', 2);
    expect((await run('one')).out).toBe('pat-1  2 of 2 went well  ship it');
    expect((await run('one', 'show', 'pat-1')).out).toBe('ship it\n2 of 2 went well\n\n├─ a\n└─ b\nc');
    await expect(run('one', 'show', 'pat-2')).rejects.toThrow('pat-2');
    await expect(run('one', 'nonsense')).rejects.toThrow('nonsense');
  });

  it('exports and imports without loss, twice as once', async () => {
    await fill('one', 'success', 3);
    await run('one', 'export', 'file.json');
    for (let time = 0; time < 2; time++) await run('two', 'import', 'file.json');
    expect((await run('two', '--json')).out).toBe((await run('one', '--json')).out);
    const again = (await run('two', 'export')).out;
    expect(JSON.parse(again)).toEqual(JSON.parse(await readFile(join(folder, 'file.json'), 'utf8')));
  });

  it('refuses a file that is not an export, and a plan that cannot start', async () => {
    await fill('one', 'success', 1);
    const file = JSON.parse((await run('one', 'export')).out) as { patterns: { dependencies: unknown }[] };
    await writeFile(join(folder, 'bad.json'), '{"format":"other"}');
    await expect(run('two', 'import', 'bad.json')).rejects.toThrow('not an export');
    file.patterns[0].dependencies = { a: ['b'], b: ['a'] };
    await writeFile(join(folder, 'cycle.json'), JSON.stringify(file));
    await expect(run('two', 'import', 'cycle.json')).rejects.toThrow('cycle');
  });

  it('retires what keeps failing, and only says so in a dry run', async () => {
    await fill('one', 'failure', 5);
    expect(JSON.parse((await run('one', 'prune', '--dry-run', '--json')).out)).toEqual({
      dry_run: true,
      pruned: ['pat-1'],
    });
    expect((await run('one')).out).not.toContain('retired');
    await run('one', 'prune');
    expect((await run('one')).out).toContain('retired');
    expect(JSON.parse((await run('one', 'prune', '--json')).out).pruned).toEqual([]);
  });
});

describe('drawPlan', () => {
  it('says whom a member waits for where it is not the group before', () => {
    const plan = planOf({
      agent_sequence: ['a', 'b', 'c', 'd'],
      dependencies: { b: ['a'], c: ['a'], d: ['b'] },
    });
    expect(drawPlan(plan)).toEqual(['a', '├─ b', '└─ c', 'd  (after b)']);
  });
});
