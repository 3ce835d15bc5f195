/** The work on the whole database: backups, limits, forgetting. Each waits for the one before it. */
import type { Storage, StorageLimits } from '../storage.ts';
import type { Access } from './access.ts';
import { backupIsDue, writeBackup } from './backup.ts';
import type { Condition } from './condition.ts';
import type { DecisionTable } from './decisions.ts';
import type { Connection, Sqlite } from './driver.ts';
import { forgetIn, isEmpty } from './forget.ts';
import type { Place } from './place.ts';
import type { QueryLog } from './query-log.ts';
import { forgetInBackups } from './scrub.ts';
import { createSerial } from './serial.ts';
import { bytesOf, megabyte, type Pruned, pruneToLimits, truncateJournal } from './size.ts';

/** After a backup that failed: until then none is due. */
const retryMs = 60 * 60 * 1000;

export interface UpkeepParts {
  readonly sqlite: Sqlite;
  readonly connection: Connection;
  readonly place: Place;
  readonly clock: () => number;
  readonly limits: StorageLimits;
  readonly condition: Condition;
  readonly access: Access;
  readonly decisions: DecisionTable;
  readonly queries: QueryLog;
  /** Rows came or went. */
  changed(): void;
}

export interface Upkeep {
  readonly methods: Pick<Storage, 'backup' | 'backupIfDue' | 'prune' | 'forget'>;
  /** Resolves when what was begun is done. */
  settled(): Promise<void>;
}

export function createUpkeep(parts: UpkeepParts): Upkeep {
  const { sqlite, connection, place, clock, condition, access, queries } = parts;
  const serially = createSerial();
  let notBefore = Number.NEGATIVE_INFINITY;
  const isDue = (): boolean => access.writable() && clock() >= notBefore && backupIsDue(place, clock());

  const backup = async (): Promise<string> => {
    access.demandWritable();
    try {
      await queries.flush();
      const file = await writeBackup(sqlite, connection, place, clock());
      condition.clear('backup');
      return file;
    } catch (thrown) {
      condition.raise('backup', 'the last backup could not be written', false);
      notBefore = clock() + retryMs;
      throw thrown;
    }
  };
  return {
    settled: () => serially(async () => undefined),
    methods: {
      backup: () => serially(backup),
      backupIfDue: () => serially(async () => (isDue() ? backup() : undefined)),
      prune: () => serially(() => prune(parts)),
      forget: (what) =>
        serially(async () => {
          if (isEmpty(what)) return { queries: 0, patterns: 0, decisions: 0 };
          access.demandWritable();
          await queries.flush().catch((thrown) => {
            throw access.failure(thrown);
          });
          const forgotten = access.write(() => forgetIn(connection, parts.decisions, what));
          queries.removed(forgotten.queries);
          parts.changed();
          truncateJournal(connection);
          await forgetInBackups(sqlite, place, what, clock);
          return forgotten;
        }),
    },
  };
}

async function prune(parts: UpkeepParts): Promise<void> {
  const { connection, place, limits, condition, queries, access } = parts;
  const size = bytesOf(place.database) / megabyte;
  if (size <= limits.softMb || !access.writable()) {
    condition.clear('size');
    return;
  }
  const pruned = await pruneToLimits(connection, parts.decisions, access, limits);
  queries.removed(pruned.queries);
  parts.changed();
  const isSerious = pruned.decisions + pruned.patterns > 0;
  condition.raise('size', sentenceOf(size, limits, pruned), isSerious);
}

function sentenceOf(size: number, { softMb, hardMb }: StorageLimits, pruned: Pruned): string {
  const lost = [
    `the oldest ${pruned.queries} rows of the query log`,
    ...(pruned.decisions > 0 ? [`${pruned.decisions} decisions`] : []),
    ...(pruned.patterns > 0 ? [`${pruned.patterns} patterns`] : []),
  ].join(', ');
  const limit = size > hardMb ? `hard limit of ${hardMb} MB` : `soft limit of ${softMb} MB`;
  return `the database had ${size.toFixed(1)} MB, over its ${limit}: ${lost} were pruned`;
}
