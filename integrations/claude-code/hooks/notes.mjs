/** What one hook tells a later one about an agent: small files of the user's own in the system's temporary folder. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const folder = join(tmpdir(), `callsheet-hooks-${userInfo().username.replace(/\W/g, '_')}`);

/** Ids are somebody else's text: they name no path. */
function fileOf(session, agent) {
  return join(
    folder,
    `${createHash('sha256').update(`${session}\n${agent}`).digest('hex').slice(0, 32)}.json`,
  );
}

export function keep(session, agent, note) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(session, agent), JSON.stringify(note), { mode: 0o600 });
}

export function recall(session, agent) {
  try {
    return JSON.parse(readFileSync(fileOf(session, agent), 'utf8'));
  } catch {
    return undefined;
  }
}

export function forget(session, agent) {
  rmSync(fileOf(session, agent), { force: true });
}
