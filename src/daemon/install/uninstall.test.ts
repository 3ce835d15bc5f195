import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestPath } from './manifest.ts';
import { hashOf } from './text-file.ts';
import { uninstall } from './uninstall.ts';

let base: string;
let project: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'callsheet-uninstall-'));
  project = join(base, 'project');
  mkdirSync(join(project, '.claude', 'mcp-server'), { recursive: true });
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function manifest(change: object): void {
  const empty = { version: 1, project, files: [], registrations: [], folders: [] };
  writeFileSync(join(project, manifestPath), JSON.stringify({ ...empty, ...change }));
}

describe('uninstall with a manifest that somebody else wrote', () => {
  it('touches no file outside of the project', () => {
    const outside = join(base, 'precious');
    writeFileSync(outside, 'known');
    for (const path of ['../precious', 'a/../../precious', outside]) {
      manifest({ files: [{ path, sha256: hashOf('known') }] });
      expect(uninstall(project, false).removals).toEqual([]);
    }
    const edit = { at: 0, removed: '', inserted: 'known' };
    const entry = {
      path: ['mcpServers', 'callsheet'],
      value: {},
      created: true,
      sha256: hashOf('known'),
      edit,
    };
    manifest({ registrations: [{ file: outside, ...entry }] });
    expect(uninstall(project, false).removals).toEqual([]);
    mkdirSync(join(base, 'empty'));
    manifest({ folders: ['../empty'] });
    uninstall(project, false);
    expect([existsSync(outside), existsSync(join(base, 'empty'))]).toEqual([true, true]);
  });
});
