/**
 * The processes that serve a project: those of its daemon, and a server that somebody runs in the foreground or with
 * its data elsewhere.
 *
 * The latter's command line does not name this place. It is taken for the one that the state file names when it is a
 * Callsheet server and listens on the very port named there.
 */
import type { Place } from './place.ts';
import { listenerPid } from './port-holder.ts';
import { commandLine, type DaemonProcess, daemonProcesses } from './processes.ts';
import { readState } from './state-file.ts';

export function ownProcesses(place: Place): DaemonProcess[] {
  const found = daemonProcesses(place);
  const claimed = claimingServer(place, found);
  return claimed ? [...found, claimed] : found;
}

function claimingServer(place: Place, found: readonly DaemonProcess[]): DaemonProcess | undefined {
  const reading = readState(place);
  if (reading.kind !== 'present') return undefined;
  const { pid, port, instance } = reading.state;
  if (found.some((known) => known.pid === pid)) return undefined;
  const runs = commandLine(pid);
  if (runs === undefined || !/callsheet(\.js)?"? serve\b/.test(runs) || listenerPid(port) !== pid)
    return undefined;
  return { pid, role: 'server', instance, stateFile: place.stateFile };
}
