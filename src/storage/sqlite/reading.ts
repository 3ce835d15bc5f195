/** What a store remembers, read beside a server that may have it open: nothing is locked and nothing is changed. */
import { existsSync } from 'node:fs';
import type { StoredDecision, StoredPattern } from '../storage.ts';
import { createDecisionTable } from './decisions.ts';
import { loadSqlite } from './driver.ts';
import { createPatternTable } from './patterns.ts';
import { placeOf } from './place.ts';

export interface Remembered {
  /** Retired ones too. */
  readonly patterns: readonly StoredPattern[];
  /** Oldest first. */
  readonly decisions: readonly StoredDecision[];
}

/** Empty where there is no database yet. */
export async function readRemembered(directory: string): Promise<Remembered> {
  const { database } = placeOf(directory);
  if (!existsSync(database)) return { patterns: [], decisions: [] };
  const connection = (await loadSqlite()).open(database, { readOnly: true });
  try {
    const table = createPatternTable(connection);
    return {
      patterns: table.all(),
      decisions: createDecisionTable(connection, table).newest(Number.MAX_SAFE_INTEGER),
    };
  } finally {
    connection.close();
  }
}
