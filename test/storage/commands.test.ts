/** `callsheet backup`, `restore` and `forget`, as a person types them, on a real store. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { commandTable } from '../../src/cli/table.ts';
import { decision, pattern, query, start } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

let place: Temporary;
beforeEach(async () => {
  place = temporary();
  const storage = await place.open();
  storage.logQuery(query('r1'));
  await storage.recordDecision(decision('t1', { route_id: 'r1', pattern_id: 'p1' }), pattern('p1'));
  await storage.recordDecision(decision('t2', { pattern_id: 'p1', at: start + 10 }));
  await storage.close();
});
afterEach(() => place.remove());

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main({
    argv: [...argv, '--data-dir', place.directory],
    cwd: place.directory,
    out: { terminal: false, line: (text) => out.push(text) },
    err: { terminal: false, line: (text) => err.push(text) },
    table: commandTable,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

async function tasks(): Promise<string[]> {
  const storage = await place.open();
  const found = await storage.decisions(99);
  await storage.close();
  return found.map(({ task_id }) => task_id);
}

/** Runs `work` while another process has the store, as a server does. */
async function whileHeld(work: (pid: number | undefined) => Promise<void>): Promise<void> {
  const script = join(import.meta.dirname, 'holder.ts');
  const holder = spawn(process.execPath, ['--import', 'tsx', script, place.directory]);
  try {
    await once(holder.stdout, 'data');
    await work(holder.pid);
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
}

describe('callsheet backup and restore', () => {
  it('bring back what was there, and keep what they replace', async () => {
    const written = await run('backup');
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toMatch(/^written and verified: .*\.db$/);
    await run('forget', '--task', 'none');
    const storage = await place.open();
    await storage.recordDecision(decision('t3'));
    await storage.close();

    const restored = await run('restore', '--json');
    expect(restored).toMatchObject({ code: 0, err: '' });
    const { replaced } = JSON.parse(restored.out) as { replaced: string };
    expect(await tasks()).toEqual(['t1', 't2']);
    await run('restore', replaced);
    expect(await tasks()).toEqual(['t1', 't3', 't2']);
  });

  it('list backups, and restore one by its name', async () => {
    await run('backup');
    const { out } = await run('backup', '--list', '--json');
    const [{ file }] = JSON.parse(out) as [{ file: string }];
    expect(readdirSync(join(place.directory, 'backups'))).toEqual([basename(file)]);
    expect(await run('restore', basename(file))).toMatchObject({ code: 0, err: '' });
  });

  it('back up while a server is at work, and refuse to restore meanwhile', async () => {
    await whileHeld(async (pid) => {
      expect(await run('backup')).toMatchObject({ code: 0, err: '' });
      const refused = await run('restore');
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toContain(`in use by process ${pid}; stop that first (callsheet stop)`);
    });
    expect(await tasks()).toContain('held');
  });

  it('refuse a file that is no good, and leave everything as it is', async () => {
    const file = join(place.directory, 'letter.txt');
    writeFileSync(file, 'Dear database');
    const refused = await run('restore', 'letter.txt');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('cannot be restored: it cannot be read as a database');
    expect((await run('restore', 'nowhere.db')).err).toContain('there is no file nowhere.db');
    expect((await run('restore')).err).toContain('there is no good backup');
    expect(await tasks()).toEqual(['t1', 't2']);
  });
});

describe('callsheet forget', () => {
  it('says what would go, then removes it', async () => {
    const rehearsal = await run('forget', '--task', 't1', '--dry-run');
    expect(rehearsal).toEqual({
      code: 0,
      out: 'would be removed: 1 decision, 0 patterns, 1 query',
      err: '',
    });
    expect(await tasks()).toEqual(['t1', 't2']);
    const { out } = await run('forget', '--task', 't1', '--json');
    expect(JSON.parse(out)).toEqual({ dry_run: false, queries: 1, patterns: 0, decisions: 1, set_aside: [] });
    expect(await tasks()).toEqual(['t2']);
  });

  it('takes dates and ages', async () => {
    expect((await run('forget', '--before', '2025-12-31', '--dry-run')).out).toContain('0 decisions');
    expect((await run('forget', '--before', '2026-01-01T00:00:00.005Z', '--dry-run')).out).toContain(
      '1 decision,',
    );
    expect((await run('forget', '--pattern', 'p1', '--before', '0d', '--dry-run')).out).toContain(
      '2 decisions',
    );
  });

  it.each([[[]], [['--before', 'yesterday']], [['--before', '2026-99-99']]])(
    'is a wrong usage with %j',
    async (argv) => {
      expect((await run('forget', ...argv)).code).toBe(2);
    },
  );

  it('is refused while a server is at work, with the remedy', async () => {
    await whileHeld(async (pid) => {
      const refused = await run('forget', '--task', 't1');
      expect(refused.code).toBe(1);
      expect(refused.err).toContain(`in use by process ${pid}; stop that first`);
    });
    expect(await tasks()).toContain('t1');
  });

  it('names the files it does not reach', async () => {
    await run('backup');
    writeFileSync(place.database, 'damaged');
    await tasks();
    const { err } = await run('forget', '--task', 't1');
    expect(err).toContain('set aside');
    expect(err).toContain('mcp.db.corrupt-');
  });

  it('says where there is nothing yet', async () => {
    rmSync(place.database);
    const { code, err } = await run('forget', '--task', 't1');
    expect(code).toBe(1);
    expect(err).toContain('there is no database in');
  });
});
