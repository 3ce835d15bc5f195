/**
 * `uninstall`: takes back what the manifest says `init` wrote, and nothing else.
 *
 * A file that was changed since stays and is named. What the server learned (`data`, `logs`) stays unless it is
 * asked to go; folders go when `init` made them and they are empty.
 */
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, manifestPath, type Registration, readManifest } from './manifest.ts';
import { unregister } from './registration.ts';
import { hashOf, readText } from './text-file.ts';

export interface Removal {
  readonly path: string;
  readonly outcome: 'removed' | 'restored' | 'kept';
  readonly note?: string;
}

export interface Uninstall {
  readonly removals: readonly Removal[];
  /** What is left of the state folder, relative to the project. */
  readonly left: readonly string[];
}

const stateFolder = '.claude/mcp-server';
const ignoreFile = `${stateFolder}/.gitignore`;

/** What would be done, without doing it. */
export function planUninstall(project: string): Removal[] {
  const { files, registrations } = readManifest(project);
  return [
    ...files.map(({ path, sha256 }) => judged(project, path, sha256)),
    ...registrations.map(({ file }): Removal => ({ path: file, outcome: 'restored' })),
  ];
}

export function uninstall(project: string, purge: boolean): Uninstall {
  const manifest = readManifest(project);
  const removals = [
    ...manifest.registrations.map(takeOutRegistration),
    ...manifest.files
      .filter(({ path }) => path !== ignoreFile)
      .map(({ path, sha256 }) => take(project, path, sha256)),
  ];
  rmSync(join(project, manifestPath), { force: true });
  if (purge) rmSync(join(project, stateFolder), { recursive: true, force: true });
  const left = stateLeft(project);
  // As long as state is left, it stays hidden from git.
  if (left.length === 0) rmSync(join(project, ignoreFile), { force: true });
  removeEmptyFolders(project, manifest);
  return { removals, left };
}

function judged(project: string, path: string, sha256: string): Removal {
  const text = readText(join(project, path));
  if (text === undefined) return { path, outcome: 'kept', note: 'already gone' };
  if (hashOf(text) !== sha256) return { path, outcome: 'kept', note: 'you changed it' };
  return { path, outcome: 'removed' };
}

function take(project: string, path: string, sha256: string): Removal {
  const verdict = judged(project, path, sha256);
  if (verdict.outcome === 'removed') rmSync(join(project, path));
  return verdict;
}

function takeOutRegistration(registration: Registration): Removal {
  const path = registration.file;
  try {
    const done = unregister(registration);
    if (done === 'changed by somebody')
      return { path, outcome: 'kept', note: 'its entry "callsheet" was changed' };
    return { path, outcome: 'restored' };
  } catch (error) {
    return { path, outcome: 'kept', note: error instanceof Error ? error.message : String(error) };
  }
}

function stateLeft(project: string): string[] {
  const folder = join(project, stateFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== '.gitignore')
    .map((name) => `${stateFolder}/${name}`);
}

/** Children first; a folder with anything in it stays. */
function removeEmptyFolders(project: string, { folders }: Manifest): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(join(project, folder));
    } catch {
      // Not empty, or gone: both are fine.
    }
  }
}
