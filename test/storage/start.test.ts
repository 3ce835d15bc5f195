/** What a start makes of what it finds: nothing, an old or a newer database, a damaged one, one in use. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NewerDatabaseError } from '../../src/storage/migrate.ts';
import { loadSqlite } from '../../src/storage/sqlite/driver.ts';
import { StorageHeldError } from '../../src/storage/sqlite/lock.ts';
import { firstDesign } from './first-design.ts';
import { decision, pattern, query, start } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

const sqlite = await loadSqlite();
let place: Temporary;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

/** A closed database with two tasks, a pattern and a query; with a backup that lacks the second task. */
async function populate(): Promise<void> {
  const storage = await place.open();
  await storage.recordDecision(decision('t1', { pattern_id: 'p1' }), pattern('p1'));
  storage.logQuery(query('r1'));
  await storage.backup();
  await storage.recordDecision(decision('t2', { pattern_id: 'p1' }));
  await storage.close();
}

const setAside = (): string[] =>
  readdirSync(place.directory).filter((file) => /\.corrupt-[^.]*Z$/.test(file));

function edit(work: (bytes: Buffer) => void): void {
  const bytes = readFileSync(place.database);
  work(bytes);
  writeFileSync(place.database, bytes);
}

describe('a start', () => {
  it('makes a private database in a private folder', async () => {
    const storage = await place.open();
    const modes = (names: readonly string[]) =>
      names.map((name) => statSync(join(place.directory, name)).mode & 0o777);
    await storage.recordDecision(decision('t1'));
    expect(modes(['.'])).toEqual([0o700]);
    const files = readdirSync(place.directory);
    expect(files).toEqual(expect.arrayContaining(['mcp.db', 'mcp.db-wal']));
    expect(new Set(modes(files))).toEqual(new Set([0o600]));
    await storage.close();
    expect(readdirSync(place.directory).sort()).toEqual(['mcp.db', 'mcp.db.lock']);
  });

  it('records its migrations', async () => {
    await (await place.open()).close();
    const connection = sqlite.open(place.database, { readOnly: true });
    const rows = connection.prepare('SELECT version, applied_at FROM schema_migrations').all();
    connection.close();
    expect(rows).toEqual([
      { version: 1, applied_at: start },
      { version: 2, applied_at: start },
    ]);
  });

  it('takes over a database of the first design with its rows, and keeps a backup of it', async () => {
    await (await place.open()).close();
    rmSync(place.database);
    const old = sqlite.open(place.database);
    old.exec(firstDesign);
    old.close();

    const storage = await place.open();
    expect(storage.sound()).toBe(true);
    expect(await storage.patterns()).toMatchObject([
      { id: 'auth', success_count: 3, failure_count: 1, avg_duration_ms: 1200, avg_tokens_saved: 800 },
    ]);
    expect(await storage.decisions(9)).toMatchObject([
      {
        task_id: 'old-1',
        agents_used: ['security-auditor'],
        result: 'success',
        at: Date.UTC(2025, 10, 4, 22),
      },
    ]);
    expect(storage.stats()).toMatchObject({ queries: 2, patterns: 1, decisions: 1 });
    await storage.recordDecision(decision('t1', { pattern_id: 'auth', duration_ms: 2200 }));
    expect(await storage.pattern('auth')).toMatchObject({ success_count: 4, avg_duration_ms: 1400 });
    await storage.close();

    const connection = sqlite.open(place.database, { readOnly: true });
    expect(connection.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
    expect(connection.prepare('SELECT method, params, returned FROM agent_queries').all()).toEqual([
      { method: 'queryAgents', params: '{"capability":"react"}', returned: '["react-specialist"]' },
      { method: 'queryAgents', params: '{"role":"dev","context":"a context"}', returned: '[]' },
    ]);
    connection.close();
    expect(readdirSync(join(place.directory, 'backups'))).toHaveLength(1);
  });

  it('refuses a database of a newer version and leaves it as it is', async () => {
    await populate();
    const { crc32 } = await import('node:zlib');
    const connection = sqlite.open(place.database);
    connection
      .prepare('INSERT INTO schema_migrations VALUES (3, ?, 0, ?)')
      .run('from the future', crc32('3 from the future'));
    connection.close();
    const before = readFileSync(place.database);
    await expect(place.open()).rejects.toThrow(NewerDatabaseError);
    await expect(place.open()).rejects.toThrow('schema version 3');
    expect(readFileSync(place.database).equals(before)).toBe(true);
    expect(setAside()).toEqual([]);
  });

  it('names the process that has the database, and takes over when that is killed', async () => {
    const script = join(import.meta.dirname, 'holder.ts');
    const holder = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script, place.directory]);
    try {
      await once(holder.stdout, 'data');
      await expect(place.open()).rejects.toThrow(StorageHeldError);
      await expect(place.open()).rejects.toThrow(`in use by process ${holder.pid};`);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    const storage = await place.open();
    expect(await storage.decision('held')).toBeDefined();
    expect(storage.sound()).toBe(true);
    await storage.close();
  });

  it('is refused to a second opening in the same process', async () => {
    const storage = await place.open();
    await expect(place.open()).rejects.toThrow(`in use by process ${process.pid};`);
    // Nor did that attempt cost the lock: another process is refused as before.
    const script = join(import.meta.dirname, 'holder.ts');
    const other = spawnSync(process.execPath, ['--import', 'tsx', script, place.directory], {
      encoding: 'utf8',
    });
    expect(other.stderr).toContain(`in use by process ${process.pid};`);
    await storage.recordDecision(decision('t1'));
    await storage.close();
  });
});

describe('a damaged database', () => {
  const damages: Record<string, () => void> = {
    'cut off in the middle': () => truncateSync(place.database, statSync(place.database).size / 2),
    'cut off inside a page': () =>
      truncateSync(place.database, Math.floor(statSync(place.database).size * 0.7)),
    'cut off to nothing': () => truncateSync(place.database, 0),
    zeroed: () => edit((bytes) => void bytes.fill(0)),
    'zeroed behind its header': () => edit((bytes) => void bytes.fill(0, 4096)),
    'overwritten with text': () => writeFileSync(place.database, 'not a database at all'.repeat(1000)),
  };

  it.each(Object.keys(damages))('%s is set aside and the backup restored', async (name) => {
    await populate();
    damages[name]?.();
    place.now = start + 1234;
    const storage = await place.open();
    expect(setAside()).toEqual(['mcp.db.corrupt-2026-01-01T00-00-01-234Z']);
    expect(storage.sound()).toBe(false);
    expect(storage.warnings()).toEqual([
      expect.stringContaining('the backup mcp-2026-01-01T00-00-00-000Z.db'),
    ]);
    expect(place.lines.at(-1)).toContain('error: the database was damaged');
    expect(await storage.decision('t1')).toMatchObject({ task_description: 'do t1' });
    expect((await storage.recordDecision(decision('t3'))).change).toBe('new');
    await storage.close();

    const again = await place.open();
    expect(again.sound()).toBe(true);
    expect(await again.decision('t3')).toBeDefined();
    await again.close();
  });

  it('is rebuilt where there is no good backup', async () => {
    await populate();
    edit((bytes) => void bytes.fill(0));
    const [backup] = readdirSync(join(place.directory, 'backups'));
    writeFileSync(join(place.directory, 'backups', String(backup)), 'damaged too');
    const storage = await place.open();
    expect(storage.warnings()).toEqual([expect.stringContaining('there was no good backup')]);
    expect(storage.stats()).toMatchObject({ patterns: 0, decisions: 0 });
    await storage.close();
  });

  it('falls back to an older backup where the newest is damaged', async () => {
    await populate();
    place.now = start + 5000;
    const storage = await place.open();
    const newest = await storage.backup();
    await storage.close();
    edit((bytes) => void bytes.fill(0));
    truncateSync(newest, 5000);
    const again = await place.open();
    expect(again.warnings()[0]).toContain('the backup mcp-2026-01-01T00-00-00-000Z.db was restored');
    await again.close();
  });

  it('gives back what can still be read of it, newer than the backup', async () => {
    await populate();
    const text = 'do t1';
    edit((bytes) => {
      const found = bytes.indexOf(text);
      expect(found).toBeGreaterThan(0);
      bytes[found] = 'X'.charCodeAt(0);
    });
    const storage = await place.open();
    expect(storage.warnings()[0]).toContain('1 of its rows are damaged');
    expect(storage.warnings()[0]).toContain('1 decisions and 1 patterns were saved');
    expect(await storage.decision('t1')).toMatchObject({ task_description: 'do t1' });
    expect(await storage.decision('t2')).toBeDefined();
    expect(await storage.pattern('p1')).toMatchObject({ success_count: 2 });
    await storage.close();
  });

  it('with any bit flipped ends in the right data, never in a crash', { timeout: 120_000 }, async () => {
    await populate();
    const good = readFileSync(place.database);
    const outcomes = new Map<string, number>();
    for (let seed = 1; seed <= 120; seed++) {
      const bytes = Buffer.from(good);
      const bit = randomBelow(seed, bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      for (const suffix of ['-wal', '-shm']) rmSync(`${place.database}${suffix}`, { force: true });
      writeFileSync(place.database, bytes);
      const storage = await place.open();
      const decisions = await storage.decisions(9);
      const [first] = await storage.patterns();
      await storage.close();
      const where = `bit ${bit}`;
      expect(decisions[0], where).toMatchObject({ ...decision('t1'), pattern_id: 'p1' });
      if (decisions[1]) expect(decisions[1], where).toMatchObject({ ...decision('t2'), pattern_id: 'p1' });
      expect(first, where).toMatchObject({ ...pattern('p1'), success_count: decisions.length });
      const outcome = storage.sound() ? 'served' : 'restored';
      if (outcome === 'served') expect(decisions, where).toHaveLength(2);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual(['restored', 'served']);
  });

  /** Leaves the files as a killed process would: database and journal, unclosed. */
  async function leaveUnclosed(change: (journal: Buffer) => Buffer): Promise<void> {
    await populate();
    const storage = await place.open();
    for (const task of ['t3', 't4', 't5']) await storage.recordDecision(decision(task));
    const database = readFileSync(place.database);
    const journal = readFileSync(`${place.database}-wal`);
    await storage.close();
    writeFileSync(place.database, database);
    writeFileSync(`${place.database}-wal`, change(journal));
  }

  it('gives back what only its journal held', async () => {
    await leaveUnclosed((journal) => journal);
    edit((bytes) => void bytes.fill(0, 4096));
    const storage = await place.open();
    expect(setAside()).toHaveLength(1);
    expect(await storage.decision('t5')).toBeDefined();
    await storage.close();
  });

  it('with a journal cut off at its end is no damage', async () => {
    await leaveUnclosed((journal) => journal.subarray(0, -1_000));
    const storage = await place.open();
    expect(await storage.decision('t4')).toBeDefined();
    expect(storage.sound()).toBe(true);
    await storage.close();
  });

  it('takes pages that a transaction wrote, wrote again and never committed for no damage', async () => {
    await (await place.open()).close();
    const writer = sqlite.open(place.database);
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA cache_size = 2; PRAGMA cache_spill = 2;
      CREATE TABLE filler (text);
      WITH RECURSIVE line(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < 60)
      INSERT INTO filler SELECT hex(zeroblob(1500)) FROM line;
      BEGIN; UPDATE filler SET text = hex(randomblob(1500)); UPDATE filler SET text = hex(randomblob(1500))`);
    const left = [place.database, `${place.database}-wal`].map((file) => [file, readFileSync(file)] as const);
    writer.close();
    for (const [file, bytes] of left) writeFileSync(file, bytes);

    const storage = await place.open();
    expect(storage.warnings()).toEqual([]);
    await storage.close();
    expect(readdirSync(place.directory).sort()).toEqual(['mcp.db', 'mcp.db.lock']);
  });

  it.each([
    ['header', 20],
    ['first frame', 3_000],
  ])('says that its journal is damaged in its %s, and keeps a copy', async (_, position) => {
    await leaveUnclosed((journal) => {
      journal[position] = (journal[position] ?? 0) ^ 4;
      return journal;
    });
    const storage = await place.open();
    expect(storage.sound()).toBe(false);
    expect(storage.warnings()).toEqual([expect.stringContaining('what was written last may be missing')]);
    expect(await storage.decision('t1')).toBeDefined();
    expect(setAside()).toHaveLength(1);
    await storage.close();
  });
});

/** A small generator, so that every run flips the same bits (Numerical Recipes' constants). */
function randomBelow(seed: number, limit: number): number {
  let state = seed;
  for (let i = 0; i < 3; i++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % limit;
}
