/**
 * What to do with a database that cannot be trusted, so that as little as possible is lost and nothing is hidden:
 *
 *   set aside (kept, named with the time) → newest good backup, else an empty one → patterns and decisions that can
 *   still be read from the damaged file, each proved by its seal, are put back
 */
import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { installCopy, listBackups, problemOfBackup } from './backup.ts';
import { createSeal, readIntact } from './checksums.ts';
import type { Connection, Row, Sqlite, SqlValue } from './driver.ts';
import { companions, type Place, stampOf } from './place.ts';
import { durably } from './transaction.ts';

/** Renames the database and its journal; answers the new path. */
export function setAside(place: Place, why: 'corrupt' | 'replaced', now: number): string {
  return toAside(place, why, now, renameSync);
}

/** Keeps a copy of the database and its journal as they are; answers its path. */
export function copyAside(place: Place, now: number): string {
  return toAside(place, 'corrupt', now, copyFileSync);
}

function toAside(
  place: Place,
  why: 'corrupt' | 'replaced',
  now: number,
  bring: (from: string, to: string) => void,
): string {
  const stem = `${place.database}.${why}-${stampOf(now)}`;
  let aside = stem;
  for (let next = 2; existsSync(aside); next++) aside = `${stem}-${next}`;
  for (const suffix of companions) {
    if (existsSync(`${place.database}${suffix}`)) bring(`${place.database}${suffix}`, `${aside}${suffix}`);
  }
  return aside;
}

/** Installs the newest backup that is good; answers its name, undefined when there is none. */
export async function restoreNewest(sqlite: Sqlite, place: Place): Promise<string | undefined> {
  for (const { file } of listBackups(place)) {
    if ((await problemOfBackup(sqlite, file)) === undefined) {
      installCopy(file, place);
      return basename(file);
    }
  }
  return undefined;
}

export interface Salvaged {
  readonly patterns: number;
  readonly decisions: number;
}

/** Takes over the intact patterns and decisions of a damaged file: newer than the backup's, they replace them. */
export function salvage(sqlite: Sqlite, aside: string, into: Connection): Salvaged {
  const { patterns, decisions } = readDamaged(sqlite, aside);
  if (patterns.length + decisions.length === 0) return { patterns: 0, decisions: 0 };
  durably(into, () => {
    for (const row of patterns) upsert(into, 'orchestration_patterns', row);
    const known = into.prepare('SELECT 1 FROM orchestration_patterns WHERE id = ?');
    const clear = into.prepare('DELETE FROM decision_history WHERE task_id = ? OR id = ?');
    for (const row of decisions) {
      const orphan = row.pattern_id !== null && !known.get(String(row.pattern_id));
      clear.run(String(row.task_id), Number(row.id));
      upsert(into, 'decision_history', orphan ? { ...row, pattern_id: null } : row);
    }
    recount(into, new Set(patterns.map(({ id }) => String(id))));
    createSeal(into)();
  });
  return { patterns: patterns.length, decisions: decisions.length };
}

function readDamaged(sqlite: Sqlite, aside: string): { patterns: Row[]; decisions: Row[] } {
  try {
    const damaged = sqlite.open(aside, { readOnly: true });
    try {
      const read = (table: Parameters<typeof readIntact>[1]): Row[] => {
        try {
          return readIntact(damaged, table);
        } catch {
          return [];
        }
      };
      return { patterns: read('orchestration_patterns'), decisions: read('decision_history') };
    } finally {
      damaged.close();
    }
  } catch {
    return { patterns: [], decisions: [] };
  }
}

const computed = new Set(['content', 'checksum', 'avg_duration_ms', 'avg_tokens_saved']);

function upsert(into: Connection, table: string, row: Row): void {
  const columns = Object.keys(row).filter((column) => !computed.has(column));
  const assignments = columns.map((column) => `${column} = excluded.${column}`);
  into
    .prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${assignments.join(', ')}, checksum = NULL`,
    )
    .run(...columns.map((column) => row[column] as SqlValue));
}

/** Counts of patterns that come from the backup say less than the decisions that were saved: count those. */
function recount(into: Connection, salvaged: ReadonlySet<string>): void {
  const update = into.prepare(
    `UPDATE orchestration_patterns AS p SET checksum = NULL,
       (success_count, failure_count, partial_count, duration_total, duration_count, tokens_total, tokens_count) =
       (SELECT count(*) FILTER (WHERE result = 'success'), count(*) FILTER (WHERE result = 'failure'),
          count(*) FILTER (WHERE result = 'partial'), COALESCE(sum(duration_ms), 0), count(duration_ms),
          COALESCE(sum(tokens_saved), 0), count(tokens_saved)
        FROM decision_history WHERE pattern_id = p.id)
     WHERE id = ? AND success_count + failure_count + partial_count <
       (SELECT count(*) FROM decision_history WHERE pattern_id = p.id)`,
  );
  for (const { id } of into.prepare('SELECT id FROM orchestration_patterns').all() as Row[]) {
    if (!salvaged.has(String(id))) update.run(String(id));
  }
}
