import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSessionFolder } from './session-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'sessions-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Of a process that has ended. */
const gone = spawnSync(process.execPath, ['-e', '']).pid;
const longAgo = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000);

function folder(name: string, fileAt = longAgo): string {
  const path = join(parent, name);
  mkdirSync(path);
  writeFileSync(join(path, 'mcp.db'), 'x');
  utimesSync(join(path, 'mcp.db'), fileAt, fileAt);
  utimesSync(path, longAgo, longAgo);
  return name;
}

describe('makeSessionFolder', () => {
  it('names the folder after this process', async () => {
    const name = basename(await makeSessionFolder(parent));
    expect(name).toMatch(new RegExp(`^callsheet-session-${process.pid}-\\w{6}$`));
    expect(readdirSync(parent)).toEqual([name]);
  });

  it('takes away what a killed session left long ago, and nothing else', async () => {
    folder(`callsheet-session-${gone}-aaaaaa`);
    const kept = [
      folder(`callsheet-session-${process.pid}-bbbbbb`),
      folder(`callsheet-session-${gone}-cccccc`, new Date()),
      folder('callsheet-session-dddddd'),
      folder(`another-session-${gone}-eeeeee`),
    ];
    symlinkSync(parent, join(parent, `callsheet-session-${gone}-ffffff`));
    const own = basename(await makeSessionFolder(parent));
    expect(readdirSync(parent).sort()).toEqual([...kept, own, `callsheet-session-${gone}-ffffff`].sort());
  });
});
