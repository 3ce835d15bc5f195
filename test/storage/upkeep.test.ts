/** Backups, limits, forgetting: what is done to the whole database, on real files. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSqlite, type Row } from '../../src/storage/sqlite/driver.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { decision, pattern, query, start } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

const sqlite = await loadSqlite();
const hour = 60 * 60 * 1000;
let place: Temporary;
let storage: Storage;
beforeEach(async () => {
  place = temporary();
  storage = await place.open({ limits: { softMb: 1, hardMb: 2 } });
});
afterEach(async () => {
  await storage.close();
  place.remove();
});

const backups = (): string[] => readdirSync(join(place.directory, 'backups')).sort();

describe('backups', () => {
  it('hold everything, the buffered too, in one private file that can be opened by itself', async () => {
    storage.logQuery(query('r1'));
    await storage.recordDecision(decision('t1', { pattern_id: 'p1' }), pattern('p1'));
    const file = await storage.backup();
    expect(basename(file)).toBe('mcp-2026-01-01T00-00-00-000Z.db');
    expect(backups()).toEqual([basename(file)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const copy = sqlite.open(file, { readOnly: true });
    const rows = (sql: string) => copy.prepare(sql).all();
    expect(rows('SELECT task_id, pattern_id FROM decision_history')).toEqual([
      { task_id: 't1', pattern_id: 'p1' },
    ]);
    expect(rows('SELECT route_id FROM agent_queries')).toEqual([{ route_id: 'r1' }]);
    copy.close();
  });

  it('keeps the newest seven, also of one moment', async () => {
    for (let day = 0; day < 9; day++) {
      place.now = start + day * 24 * hour;
      await storage.backup();
    }
    const last = await storage.backup();
    expect(backups()).toHaveLength(7);
    expect(backups()[0]).toContain('2026-01-04');
    expect(backups()).toContain(basename(last));
  });

  it('are due when the newest is a day old', async () => {
    expect(await storage.backupIfDue()).toBeDefined();
    place.now += 24 * hour - 1;
    expect(await storage.backupIfDue()).toBeUndefined();
    place.now += 1;
    expect(await storage.backupIfDue()).toBeDefined();
    expect(backups()).toHaveLength(2);
  });

  it('are written while decisions come in', async () => {
    await storage.addPattern(pattern('p1'));
    const writing = storage.backup();
    for (let i = 0; i < 50; i++) await storage.recordDecision(decision(`t${i}`, { pattern_id: 'p1' }));
    await writing;
    expect(storage.stats().decisions).toBe(50);
    expect(storage.sound()).toBe(true);
  });

  it('leave nothing behind when they cannot be written, and are tried again later', async () => {
    const blocked = join(place.directory, 'backups');
    writeFileSync(blocked, 'a file where the folder should be');
    await expect(Promise.resolve(storage.backupIfDue())).rejects.toThrow();
    expect(storage.warnings()).toEqual(['the last backup could not be written']);
    expect(storage.sound()).toBe(true);
    expect(await storage.backupIfDue()).toBeUndefined();
    place.now += hour;
    await expect(Promise.resolve(storage.backupIfDue())).rejects.toThrow();
  });
});

describe('limits', () => {
  const fill = async (rows: number, from = 0): Promise<void> => {
    for (let i = from; i < from + rows; i++) {
      storage.logQuery(query(`r${i}`, { params: { context: 'x'.repeat(1_000) }, at: start + i }));
      if (i % 1_000 === 0) await storage.flush();
    }
    await storage.flush();
  };

  it('leaves a small database alone', async () => {
    await fill(10);
    await storage.prune();
    expect(storage.stats().queries).toBe(10);
    expect(storage.warnings()).toEqual([]);
  });

  it('prunes the oldest queries over the soft limit, says so, and the file shrinks', async () => {
    await fill(4_000);
    await storage.recordDecision(decision('t1', { pattern_id: 'p1' }), pattern('p1'));
    expect(storage.stats().size_mb).toBeGreaterThan(2);
    await storage.prune();
    const { size_mb, queries, decisions, patterns } = storage.stats();
    expect(size_mb).toBeLessThan(1);
    expect(statSync(place.database).size).toBeLessThan(1024 * 1024);
    expect(queries).toBeGreaterThan(100);
    expect({ decisions, patterns }).toEqual({ decisions: 1, patterns: 1 });
    expect(await storage.route('r0')).toBeUndefined();
    expect(await storage.route('r3999')).toBeDefined();
    expect(storage.warnings()).toEqual([expect.stringContaining('rows of the query log were pruned')]);
    expect(storage.sound()).toBe(true);
    await storage.prune();
    expect(storage.warnings()).toEqual([]);
  });

  const remember = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const words = { task_description: `${i} `.padEnd(2_000, 'y'), pattern_id: 'p1', at: start + i };
      await storage.recordDecision(decision(`t${i}`, words), pattern('p1'));
    }
  };

  it('touches no decision between the limits', async () => {
    await remember(300);
    await fill(1_000);
    await storage.prune();
    expect(storage.stats()).toMatchObject({ queries: 0, decisions: 300, patterns: 1 });
  });

  it('prunes the oldest decisions over the hard limit, when no query is left', async () => {
    await remember(700);
    await fill(100);
    await storage.prune();
    const { size_mb, queries, decisions, patterns } = storage.stats();
    expect(size_mb).toBeLessThan(2);
    expect({ queries, patterns }).toEqual({ queries: 0, patterns: 1 });
    expect(decisions).toBeGreaterThan(100);
    expect(decisions).toBeLessThan(700);
    expect(await storage.decision('t0')).toBeUndefined();
    expect(await storage.decision('t699')).toBeDefined();
    expect((await storage.pattern('p1'))?.success_count).toBe(decisions);
    expect(storage.sound()).toBe(false);
  });
});

describe('forgetting', () => {
  const secret = 'Zanzibar marmalade';

  it('leaves no byte of it in any file: database, journal, backups', async () => {
    storage.logQuery(query('r1', { params: { context: `find who can ${secret}` } }));
    const words = { task_description: secret, route_id: 'r1', pattern_id: 'p1' };
    await storage.recordDecision(decision('t1', words), pattern('p1', { goal: secret }));
    for (let i = 0; i < 30; i++) await storage.recordDecision(decision(`other-${i}`));
    await storage.backup();
    expect(filesWith(secret).length).toBeGreaterThan(1);
    expect(await storage.forget({ task_id: 't1' })).toEqual({ queries: 1, patterns: 1, decisions: 1 });
    expect(filesWith(secret)).toEqual([]);

    const [file] = backups();
    const copy = sqlite.open(join(place.directory, 'backups', String(file)), { readOnly: true });
    expect((copy.prepare('SELECT count(*) AS n FROM decision_history').get() as Row).n).toBe(30);
    copy.close();
    expect(storage.sound()).toBe(true);
  });

  it('does not come back with a restored backup', async () => {
    await storage.recordDecision(decision('t1'));
    await storage.recordDecision(decision('t2'));
    await storage.backup();
    await storage.forget({ task_id: 't1' });
    await storage.close();
    writeFileSync(place.database, 'damaged');
    storage = await place.open();
    expect(await storage.decision('t1')).toBeUndefined();
    expect(await storage.decision('t2')).toBeDefined();
  });

  it('removes a backup that cannot be read: it may hold what is to be forgotten', async () => {
    await storage.recordDecision(decision('t1'));
    writeFileSync(await storage.backup(), 'damaged');
    await storage.forget({ task_id: 't1' });
    expect(backups()).toEqual([]);
  });

  function filesWith(text: string): string[] {
    return readdirSync(place.directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const file = join(place.directory, name);
      return statSync(file).isFile() && readFileSync(file).includes(text);
    });
  }
});
