/** Forgetting in backups: what was forgotten must not come back when one is restored. */
import { rmSync } from 'node:fs';
import type { ForgetWhat } from '../storage.ts';
import { listBackups, problemOfBackup } from './backup.ts';
import { createSeal } from './checksums.ts';
import { bringUpToDate, configure } from './connect.ts';
import { createDecisionTable } from './decisions.ts';
import type { Sqlite } from './driver.ts';
import { forgetIn } from './forget.ts';
import { createPatternTable } from './patterns.ts';
import { companions, type Place } from './place.ts';
import { durably } from './transaction.ts';

/** Backups that are no longer good are removed: nobody could tell what is in them. Answers how many were. */
export async function forgetInBackups(
  sqlite: Sqlite,
  place: Place,
  what: ForgetWhat,
  now: () => number,
): Promise<number> {
  let removed = 0;
  for (const { file } of listBackups(place)) {
    if (await problemOfBackup(sqlite, file)) {
      for (const suffix of companions) rmSync(`${file}${suffix}`, { force: true });
      removed++;
    } else await forgetInFile(sqlite, file, what, now);
  }
  return removed;
}

async function forgetInFile(
  sqlite: Sqlite,
  file: string,
  what: ForgetWhat,
  now: () => number,
): Promise<void> {
  const connection = sqlite.open(file);
  try {
    configure(connection);
    await bringUpToDate(connection, now);
    const seal = createSeal(connection);
    const decisions = createDecisionTable(connection, createPatternTable(connection));
    durably(connection, () => {
      forgetIn(connection, decisions, what);
      seal();
    });
    connection.exec('PRAGMA journal_mode = DELETE');
  } finally {
    connection.close();
  }
}
