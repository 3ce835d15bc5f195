/** The contract, held by each SQLite this Node can load. */

import { describe, it } from 'vitest';
import { loadBetterSqlite, loadNodeSqlite } from '../../src/storage/sqlite/driver.ts';
import { storageContract } from '../contract/storage.contract.ts';
import { temporary } from './temporary.ts';

const libraries = { 'better-sqlite3': await loadBetterSqlite(), 'node:sqlite': loadNodeSqlite() };

for (const [name, sqlite] of Object.entries(libraries)) {
  if (sqlite) {
    storageContract(`sqlite (${name})`, async () => {
      const place = temporary();
      return { open: () => place.open({ sqlite }), remove: async () => place.remove() };
    });
  } else {
    describe.skip(`storage: sqlite (${name})`, () => {
      it(`is not in Node ${process.version}`, () => undefined);
    });
  }
}
