/**
 * The entry by which a host (Claude Code) finds Callsheet: `mcpServers.callsheet` in the project's `.mcp.json`, or in
 * `~/.claude.json` for every project of a user.
 *
 * It starts `callsheet mcp` over stdio, so it holds whatever port the server has. The entry is merged into what is
 * there and never replaces one that somebody else wrote.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { programFile } from '../package-root.ts';
import { applyEdit, insertion, inverse, removal, type TextEdit } from './json-edit.ts';
import { JsonTextError, memberOf, parsedValue, scanJson } from './json-text.ts';
import type { Registration } from './manifest.ts';
import { hashOf, readText, writeText } from './text-file.ts';

const path: [string, string] = ['mcpServers', 'callsheet'];

export function registrationEntry(): { command: string; args: string[] } {
  return { command: 'node', args: [programFile(), 'mcp'] };
}

/** Runs the entry's command far enough to see that it exists; says what is wrong, if anything. */
export function checkEntry({
  command,
  args,
}: {
  command: string;
  args: readonly string[];
}): string | undefined {
  const done = spawnSync(command, [...args, '--help'], {
    encoding: 'utf8',
    timeout: 15_000,
    windowsHide: true,
  });
  if (done.error) return done.error.message;
  return done.status === 0 ? undefined : (done.stderr.trim().split('\n')[0] ?? `exit code ${done.status}`);
}

export type Wanted =
  | { readonly kind: 'add'; readonly write: () => Registration }
  | { readonly kind: 'same' }
  /** An entry of that name which is not ours. */
  | { readonly kind: 'foreign' };

/**
 * What has to be done so that `file` names Callsheet. `ours` is what an earlier `init` wrote.
 * @throws Error naming file and line where it is not JSON; nothing has been written then
 */
export function planRegistration(file: string, ours: Registration | undefined): Wanted {
  const text = readText(file);
  const found = text === undefined ? undefined : entryIn(file, text);
  if (isDeepStrictEqual(found, registrationEntry())) return { kind: 'same' };
  const outdated = found !== undefined && ours !== undefined && isDeepStrictEqual(found, ours.value);
  if (found !== undefined && !outdated) return { kind: 'foreign' };
  return {
    kind: 'add',
    write: () => {
      if (outdated && ours) unregister(ours);
      return register(file);
    },
  };
}

/** The entry of a registration file; `undefined` where there is none. */
export function registeredEntry(file: string): unknown {
  const text = readText(file);
  return text === undefined ? undefined : entryIn(file, text);
}

function register(file: string): Registration {
  const before = readText(file);
  const value = registrationEntry();
  const edit =
    before === undefined || before.trim() === ''
      ? {
          at: 0,
          removed: before ?? '',
          inserted: `${JSON.stringify({ [path[0]]: { [path[1]]: value } }, null, 2)}\n`,
        }
      : named(file, () => insertion(before, path, value));
  const after = applyEdit(before ?? '', edit);
  writeText(file, after);
  return { file, path, value, created: before === undefined, sha256: hashOf(after), edit };
}

export type Unregistered = 'restored' | 'taken out' | 'already gone' | 'changed by somebody';

/** Undoes a registration: to the byte where the file has not changed since, else the entry alone. */
export function unregister(registration: Registration): Unregistered {
  const { file, value, created, sha256, edit } = registration;
  const text = readText(file);
  if (text === undefined) return 'already gone';
  if (hashOf(text) === sha256) {
    if (created) rmSync(file);
    else writeText(file, applyEdit(text, inverse(edit)));
    return 'restored';
  }
  const entry = entryIn(file, text);
  if (entry === undefined) return 'already gone';
  if (!isDeepStrictEqual(entry, value)) return 'changed by somebody';
  const cut: TextEdit | undefined = removal(text, registration.path);
  if (cut) writeText(file, applyEdit(text, cut));
  return 'taken out';
}

function entryIn(file: string, text: string): unknown {
  if (text.trim() === '') return undefined;
  return named(file, () => {
    const servers = memberOf(scanJson(text), path[0]);
    const entry = servers && memberOf(servers.value, path[1]);
    return entry && parsedValue(text, entry.value);
  });
}

/** Puts the file's name before what is wrong with it. */
function named<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof JsonTextError) {
      throw new Error(
        `${file} is not usable, ${error.message}. It was left as it is; mend it and run this again`,
      );
    }
    throw error;
  }
}
