/** The server's side of the daemon: after listening it claims the state file, at its end it removes it. */
import type { Place } from './place.ts';
import { readState, removeState, writeState } from './state-file.ts';

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
