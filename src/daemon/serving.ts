/**
 * The server's side of the daemon: what `serve` does when a launcher or a service manager runs it.
 *
 *   before listening: is another instance serving this project? then leave it alone
 *   after listening:  claim the state file        at the end: remove it
 */
import type { AskOptions } from './identity.ts';
import { inspect } from './inspect.ts';
import type { Place } from './place.ts';
import { type DaemonState, removeState, writeState } from './state-file.ts';

export interface Listening {
  readonly instance: string;
  readonly port: number;
  readonly url: string;
  readonly version: string;
  readonly dataDir: string;
  readonly options: readonly string[];
}

/** The server that already serves this project, if it answers and is not `instance` itself. */
export async function otherServer(
  place: Place,
  instance: string,
  options: AskOptions,
): Promise<DaemonState | undefined> {
  const found = await inspect(place, options);
  return found.kind === 'running' && found.state.instance !== instance ? found.state : undefined;
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
