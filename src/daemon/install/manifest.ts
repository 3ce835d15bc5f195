/**
 * What `init` wrote, kept in the state folder so that `uninstall` undoes exactly that.
 *
 * A manifest that names another project came along with a copied `.claude` folder: of it, only what lies inside that
 * folder holds here. It may have come with a repository, too, so nothing in it reaches outside of the project but the
 * one registration file of the user.
 */
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson, readIfThere, writePrivately } from '../state-file.ts';
import { registrationFile, scopes } from './registration-file.ts';

/** Relative to the project, with `/`; never leads out of it. */
const inside = z.string().regex(/^(?!.*(^|\/)\.\.?(\/|$))[^/\\\u0000-\u001f:][^\\\u0000-\u001f:]*$/);

const fileSchema = z.object({
  path: inside,
  /** Of the content as it was written. */
  sha256: z.string(),
});

const registrationSchema = z.object({
  /** Absolute. */
  file: z.string(),
  path: z.tuple([z.string(), z.string()]),
  value: z.unknown(),
  /** Whether the file was not there before. */
  created: z.boolean(),
  /** Of the file after the edit: as long as it holds, `edit` can be undone to the byte. */
  sha256: z.string(),
  edit: z.object({ at: z.number(), removed: z.string(), inserted: z.string() }),
});

const manifestSchema = z.object({
  version: z.literal(1),
  project: z.string(),
  files: z.array(fileSchema),
  registrations: z.array(registrationSchema),
  /** Folders that were not there before, parents first. */
  folders: z.array(inside),
});

export type WrittenFile = z.infer<typeof fileSchema>;
export type Registration = z.infer<typeof registrationSchema>;
export type Manifest = z.infer<typeof manifestSchema>;

function manifestFile(project: string): string {
  return join(project, '.claude', 'mcp-server', 'init.json');
}

/** An empty one where none is there or it cannot be read. */
export function readManifest(project: string): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(readIfThere(manifestFile(project)) ?? ''));
  if (!parsed.success) return { version: 1, project, files: [], registrations: [], folders: [] };
  if (parsed.data.project === project) return withKnownRegistrations(parsed.data);
  const files = parsed.data.files.filter(({ path }) => path.startsWith('.claude/'));
  return { version: 1, project, files, registrations: [], folders: [] };
}

function withKnownRegistrations(manifest: Manifest): Manifest {
  const known = scopes.map((scope) => registrationFile(manifest.project, scope));
  const registrations = manifest.registrations.filter(({ file }) => known.includes(file));
  return { ...manifest, registrations };
}

export function writeManifest(manifest: Manifest): void {
  writePrivately(manifestFile(manifest.project), `${JSON.stringify(manifest, null, 2)}\n`);
}

export const manifestPath = '.claude/mcp-server/init.json';
