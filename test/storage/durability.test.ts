/** What is promised to be durable is on the disk before the call answers; the query log waits for no disk. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Connection, loadSqlite, type Row, type Sqlite } from '../../src/storage/sqlite/driver.ts';
import { decision, pattern, query } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

const sqlite = await loadSqlite();
const normal = 1;
const full = 2;
let place: Temporary;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

/** The real library, which notes how thoroughly each commit is synced. */
function noting(levels: unknown[]): Sqlite {
  const open = (...given: Parameters<Sqlite['open']>): Connection => {
    const connection = sqlite.open(...given);
    return {
      prepare: (sql) => connection.prepare(sql),
      copyTo: (file) => connection.copyTo(file),
      close: () => connection.close(),
      exec(sql) {
        if (sql === 'COMMIT') {
          levels.push((connection.prepare('PRAGMA synchronous').get() as Row).synchronous);
        }
        connection.exec(sql);
      },
    };
  };
  return { name: sqlite.name, open };
}

it('syncs decisions, patterns and forgetting at their commit, not the query log', async () => {
  const levels: unknown[] = [];
  const storage = await place.open({ sqlite: noting(levels) });
  const levelOf = async (work: () => unknown): Promise<unknown[]> => {
    levels.length = 0;
    await work();
    return levels.slice();
  };
  expect(
    await levelOf(() => storage.recordDecision(decision('t1', { pattern_id: 'p1' }), pattern('p1'))),
  ).toEqual([full]);
  expect(await levelOf(() => storage.addPattern(pattern('p2')))).toEqual([full]);
  expect(await levelOf(() => storage.setPruned(['p1'], 1))).toEqual([full]);
  expect(await levelOf(() => storage.forget({ task_id: 't1' }))).toEqual([full]);
  storage.logQuery(query('r1'));
  expect(await levelOf(() => storage.flush())).toEqual([normal]);
  await storage.close();
});

const canTrace = spawnSync('strace', ['-V']).status === 0;

it.skipIf(!canTrace)('asks the operating system to sync before each answer, as strace sees it', () => {
  const trace = join(place.directory, '../trace');
  const script = join(import.meta.dirname, 'synced.ts');
  const traced = ['-f', '-o', trace, '-e', 'trace=fsync,fdatasync,write', '-e', 'signal=none'];
  spawnSync('strace', [...traced, process.execPath, '--import', 'tsx', script, place.directory]);
  const calls = readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => /\b(fsync|fdatasync)\(|write\(1, "(open|stored|logged)"/.exec(line)?.slice(1, 3) ?? [])
    .filter((name) => name !== undefined);
  const sinceOpen = calls.slice(calls.indexOf('open') + 1);
  const syncsBefore = (answer: string): boolean[] =>
    sinceOpen.flatMap((call, i) => (call === answer ? [/sync$/.test(String(sinceOpen[i - 1]))] : []));
  expect(syncsBefore('stored')).toEqual(Array(10).fill(true));
  expect(syncsBefore('logged')).toEqual(Array(5).fill(false));
});
