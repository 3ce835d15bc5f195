/**
 * The server's side of the daemon: after listening it claims the state file, at its end it removes it; meanwhile it
 * keeps the registry beside it, from which clients answer while no server does.
 */
import type { Snapshot } from '../catalog/snapshot.ts';
import { registryOf } from '../service/registry.ts';
import type { Place } from './place.ts';
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

/** Writes the state file for this process; the returned function removes it again. */
export function claimState(place: Place, listening: Listening, now: Date): () => void {
  const { instance, port, url, version, dataDir, options } = listening;
  writeState(place, {
    pid: process.pid,
    port,
    url,
    instance,
    version,
    started: now.toISOString(),
    project: place.project,
    data_dir: dataDir,
    options: [...options],
  });
  return () => removeState(place, instance);
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
