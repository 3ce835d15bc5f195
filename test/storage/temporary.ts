/** A directory for one test's database, what a storage there told its log, and a clock that the test sets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sqlite } from '../../src/storage/sqlite/driver.ts';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import type { Storage, StorageLimits } from '../../src/storage/storage.ts';
import { start } from './records.ts';

export interface Temporary {
  readonly directory: string;
  readonly database: string;
  readonly lines: string[];
  now: number;
  open(more?: { limits?: StorageLimits; sqlite?: Sqlite }): Promise<Storage>;
  remove(): void;
}

export function temporary(): Temporary {
  const folder = mkdtempSync(join(tmpdir(), 'callsheet-storage-'));
  const directory = join(folder, 'data');
  const lines: string[] = [];
  const say = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const place: Temporary = {
    directory,
    database: join(directory, 'mcp.db'),
    lines,
    now: start,
    open: (more = {}) =>
      openStorage({
        directory,
        clock: () => place.now,
        log: { info: say('info'), warn: say('warn'), error: say('error') },
        ...more,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return place;
}
