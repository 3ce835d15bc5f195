/**
 * The server's side of the daemon: after listening it claims the state file, at its end it removes it; meanwhile it
 * keeps the registry beside it, from which clients answer while no server does.
 */
import { existsSync } from 'node:fs';
import type { Snapshot } from '../catalog/snapshot.ts';
import { registryOf } from '../service/registry.ts';
import { type Place, usualPlace } from './place.ts';
import { isAlive } from './processes.ts';
import { readIfThere, readState, removeState, writePrivately, writeState } from './state-file.ts';

export interface Listening {
  readonly instance: string;
  readonly port: number;
  readonly url: string;
  readonly version: string;
  readonly dataDir: string;
  readonly options: readonly string[];
}

/** The port that this launch had before a crash, so that whoever knows it finds the server again. */
export function formerPort(place: Place, instance: string): number | undefined {
  const reading = readState(place);
  return reading.kind === 'present' && reading.state.instance === instance ? reading.state.port : undefined;
}

/**
 * Writes the state file for this process, and where the project's data has been moved also at the place where clients
 * look, unless another server claims that. The returned function removes them again.
 */
export function claimState(place: Place, listening: Listening, now: Date): () => void {
  const { instance, port, url, version, dataDir, options } = listening;
  const state = {
    pid: process.pid,
    port,
    url,
    instance,
    version,
    started: now.toISOString(),
    project: place.project,
    data_dir: dataDir,
    options: [...options],
  };
  const usual = usualPlace(place);
  const places = isElsewhere(place, usual) && isFree(usual) ? [place, usual] : [place];
  for (const each of places) writeState(each, state);
  return () => {
    for (const each of places) removeState(each, instance);
  };
}

function isElsewhere(place: Place, usual: Place): boolean {
  return place.directory !== usual.directory && existsSync(usual.directory);
}

function isFree(place: Place): boolean {
  const reading = readState(place);
  return reading.kind !== 'present' || !isAlive(reading.state.pid);
}

/** The part of an indexer that is needed here. */
interface Catalogue {
  current(): Snapshot;
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
}

/** Writes the registry now and after each change of the catalogue; the returned function ends that. */
export function keepRegistry(
  place: Place,
  catalogue: Catalogue,
  complain: (why: string) => void,
): () => void {
  const write = (snapshot: Snapshot): void => {
    try {
      const text = JSON.stringify(registryOf(snapshot));
      if (readIfThere(place.registryFile) !== text) writePrivately(place.registryFile, text);
    } catch (error) {
      complain(
        `the registry for clients cannot be written: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
  write(catalogue.current());
  return catalogue.onSwap(write);
}
