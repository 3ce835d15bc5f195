/** Compresses the log files of days gone by and removes what is older than a week, also those of earlier runs. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const DAYS_KEPT = 7;
const DAY_MS = 86_400_000;
const logName = /^mcp-(\d{4}-\d\d-\d\d)\.log(\.gz)?$/;

/** Never rejects: what fails is tried again at the next rotation or start. Days are UTC. */
export async function tidyLogs(directory: string, now: Date): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const oldest = new Date(now.getTime() - DAYS_KEPT * DAY_MS).toISOString().slice(0, 10);
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const [, day, compressed] = logName.exec(name) ?? [];
    if (day === undefined) continue;
    const path = join(directory, name);
    if (day < oldest) await rm(path, { force: true }).catch(() => undefined);
    else if (day < today && !compressed) await compress(path).catch(() => undefined);
  }
}

/** The original goes last: a crash in between leaves it to be compressed again. */
async function compress(path: string): Promise<void> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`, { mode: 0o600 }));
  await rm(path);
}
