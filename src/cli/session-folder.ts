/**
 * Folders of sessions in the system's temporary one, named after their process. A session that is killed leaves its
 * folder behind; the next one takes it away.
 */
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../daemon/processes.ts';

const PREFIX = 'callsheet-session-';
/** The process of a folder this young may be one that cannot be seen from here, such as another container's. */
const LEAST_AGE_MS = 24 * 60 * 60 * 1000;

/** Makes a private folder for this process. */
export async function makeSessionFolder(parent = tmpdir()): Promise<string> {
  await removeAbandoned(parent).catch(() => undefined);
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^callsheet-session-(\d{1,10})-/.exec(name)?.[1];
    const folder = join(parent, name);
    if (pid === undefined || isAlive(Number(pid)) || !(await isOwnAndOld(folder))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isOwnAndOld(folder: string): Promise<boolean> {
  const about = await lstat(folder).catch(() => undefined);
  if (!about?.isDirectory() || (process.getuid && about.uid !== process.getuid())) return false;
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => about)));
  const latest = Math.max(about.mtimeMs, ...files.map(({ mtimeMs }) => mtimeMs));
  return Date.now() - latest > LEAST_AGE_MS;
}
