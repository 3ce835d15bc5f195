/**
 * `init`: what a project lacks of Callsheet, as a list of steps that can be shown before they are taken.
 *
 *   manifest + laid-down files + registration ─► steps ─► (dry run: shown) ─► taken ─► manifest
 *
 * Never overwrites what it did not write; what it wrote and nobody changed is brought up to date.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LaidDown, laidDown } from './laid-down.ts';
import {
  type Manifest,
  type Registration,
  readManifest,
  type WrittenFile,
  writeManifest,
} from './manifest.ts';
import { planRegistration } from './registration.ts';
import { registrationFile, type Scope } from './registration-file.ts';
import { hashOf, readText, writeText } from './text-file.ts';

export interface Step {
  readonly action: 'create' | 'update' | 'register' | 'keep' | 'unchanged';
  /** Relative to the project, or absolute outside of it. */
  readonly path: string;
  /** Why it is kept. */
  readonly note?: string;
}

type FileStep = Step & { readonly write?: () => WrittenFile };
type RegistrationStep = Step & { readonly write?: () => Registration };

export interface InstallPlan {
  readonly steps: readonly Step[];
  /** Takes the steps that change something and records them. */
  apply(): void;
}

/** Reads only. Throws where the registration file cannot be merged into. */
export function planInstall(project: string, scope: Scope): InstallPlan {
  const manifest = readManifest(project);
  const files = laidDown().map((file) => planFile(project, file, manifest));
  const registration = planRegister(project, scope, manifest);
  return {
    steps: [...files, registration],
    apply: () => apply(manifest, files, registration),
  };
}

function planFile(
  project: string,
  { path, text, executable, unless = [] }: LaidDown,
  manifest: Manifest,
): FileStep {
  const stand = unless.find((other) => existsSync(join(project, other)));
  if (stand) return { action: 'keep', path: stand, note: 'yours' };
  const file = join(project, path);
  const present = readText(file);
  const write = (): WrittenFile => {
    writeText(file, text, executable ? 0o755 : 0o644);
    return { path, sha256: hashOf(text) };
  };
  if (present === undefined) return { action: 'create', path, write };
  if (present === text) return { action: 'unchanged', path };
  const recorded = manifest.files.find((written) => written.path === path);
  if (recorded?.sha256 === hashOf(present)) return { action: 'update', path, write };
  return { action: 'keep', path, note: recorded ? 'you changed it' : 'yours' };
}

function planRegister(project: string, scope: Scope, manifest: Manifest): RegistrationStep {
  const file = registrationFile(project, scope);
  const path = scope === 'user' ? file : '.mcp.json';
  const wanted = planRegistration(
    file,
    manifest.registrations.find((ours) => ours.file === file),
  );
  if (wanted.kind === 'add') return { action: 'register', path, write: wanted.write };
  if (wanted.kind === 'same') return { action: 'unchanged', path };
  return { action: 'keep', path, note: 'it names another "callsheet"' };
}

/** What has been done is recorded even where a later step fails. */
function apply(manifest: Manifest, files: readonly FileStep[], registration: RegistrationStep): void {
  const { project } = manifest;
  const written = new Map(manifest.files.map((file) => [file.path, file]));
  const registrations = new Map(manifest.registrations.map((ours) => [ours.file, ours]));
  const folders = new Set(manifest.folders);
  try {
    for (const folder of makeFolders(project, '.claude/mcp-server')) folders.add(folder);
    for (const { path, write } of files) {
      if (!write) continue;
      for (const folder of makeFolders(project, dirname(path))) folders.add(folder);
      written.set(path, write());
    }
    const ours = registration.write?.();
    if (ours) registrations.set(ours.file, ours);
  } finally {
    writeManifest({
      ...manifest,
      files: [...written.values()],
      registrations: [...registrations.values()],
      folders: [...folders],
    });
  }
}

/** Makes a folder of the project with its parents; returns those that were not there. */
function makeFolders(project: string, folder: string): string[] {
  const parts = folder.split('/').map((_part, i, all) => all.slice(0, i + 1).join('/'));
  return parts.filter((path) => mkdirSync(join(project, path), { recursive: true }) !== undefined);
}
