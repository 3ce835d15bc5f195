/** The log's promises to requests: it never waits, never grows without bound, and says what it could not keep. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSqlite } from '../../src/storage/sqlite/driver.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { query } from './records.ts';
import { type Temporary, temporary } from './temporary.ts';

let place: Temporary;
let storage: Storage;
beforeEach(async () => {
  place = temporary();
  storage = await place.open();
});
afterEach(async () => {
  await storage.close();
  place.remove();
});

it('writes by itself, without being asked', async () => {
  storage.logQuery(query('r1'));
  await wait(900);
  const reader = (await loadSqlite()).open(place.database, { readOnly: true });
  const rows = reader.prepare('SELECT route_id FROM agent_queries').all();
  reader.close();
  expect(rows).toEqual([{ route_id: 'r1' }]);
});

it('lets other work in between the batches of a flush', async () => {
  for (let i = 0; i < 2_000; i++) storage.logQuery(query(`r${i}`));
  let turns = 0;
  const count = (): void => {
    turns++;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  await storage.flush();
  clearImmediate(turning);
  // Two batches a turn: the flush's own, and the one that was due anyway.
  expect(turns).toBeGreaterThanOrEqual(4);
});

it('drops what the buffer does not hold, and says how much', async () => {
  for (let i = 0; i < 5_010; i++) storage.logQuery(query(`r${i}`));
  expect(storage.stats().queries).toBe(5_000);
  expect(storage.warnings()).toEqual([expect.stringContaining('10 queries were not logged')]);
  expect(storage.sound()).toBe(true);
});

it('gets past a row that cannot be written', async () => {
  storage.logQuery(query('r1', { params: { count: 1n } }));
  await wait(900);
  storage.logQuery(query('r2'));
  await storage.flush();
  expect(await storage.route('r2')).toBeDefined();
  expect(storage.warnings().join()).toContain('1 queries were not logged');
});
