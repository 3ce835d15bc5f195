/**
 * The state file: who serves this project, written by the server itself once it listens.
 *
 * It is a claim, not a proof: `identity.ts` asks the server at `url` whether it is the `instance` named here. A file
 * that names another project was copied along with its folder and counts as absent. It may as well have come with a
 * repository, so an address of another machine, which would be sent the API key, is not accepted.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import * as z from 'zod';
import { isOfThisMachine } from '../protocol/loopback.ts';
import type { Place } from './place.ts';

/** Text that is shown to people as it is. */
export const line = z.string().regex(/^[^\u0000-\u001f\u007f]*$/);

const stateSchema = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  url: z.url({ protocol: /^http$/ }).refine((url) => isOfThisMachine(url, ownAddresses)),
  /** Names one launch; the server repeats it on `/health`, and its command line holds it. */
  instance: line.min(8).max(128),
  version: line,
  /** When it began to listen, ISO 8601. */
  started: z.iso.datetime(),
  project: line,
  data_dir: line,
  /** What `serve` was given beside the above, so that a restart gives it again. */
  options: z.array(z.string()),
});

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((own) => own?.map(({ address }) => address) ?? []);
}

export type DaemonState = z.infer<typeof stateSchema>;

export type StateReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly state: DaemonState }
  /** Not a state file, or that of another project. */
  | { readonly kind: 'unusable'; readonly reason: string };

export function readState(place: Place): StateReading {
  const text = readIfThere(place.stateFile);
  if (text === undefined) return { kind: 'absent' };
  const parsed = stateSchema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: 'unusable', reason: 'it is not a state file' };
  if (parsed.data.project !== place.project) {
    return { kind: 'unusable', reason: `it was copied from ${parsed.data.project}` };
  }
  return { kind: 'present', state: parsed.data };
}

/** Whole or not at all, readable by its owner alone; also writes the pid file. */
export function writeState(place: Place, state: DaemonState): void {
  writePrivately(place.stateFile, `${JSON.stringify(state, null, 2)}\n`);
  writePrivately(place.pidFile, `${state.pid}\n`);
}

/** Removes state and pid file, if they are still those of `instance` (of whomever, without one). */
export function removeState(place: Place, instance?: string): void {
  const reading = readState(place);
  if (instance !== undefined && reading.kind === 'present' && reading.state.instance !== instance) return;
  rmSync(place.stateFile, { force: true });
  rmSync(place.pidFile, { force: true });
}

export function newInstance(): string {
  return randomUUID();
}

/** Writes beside the file and renames over it, mode 0600. */
export function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { mode: 0o600 });
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** The text of a file, `undefined` where there is none. Throws where it cannot be read. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
