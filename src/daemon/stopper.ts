/**
 * Ends the daemon of a project, whatever state it is in, and leaves nothing behind.
 *
 *   a start under way? let it launch
 *   ─► SIGTERM (to the supervisor, which hands it on; else to the server) and SIGCONT, in case it is suspended
 *   ─► ten seconds to drain ─► SIGKILL to what is left, until nothing is ─► state, pid file and lock are gone
 *
 * Only processes recognised by their own command lines are signalled.
 */
import { rmSync } from 'node:fs';
import { ownProcesses } from './own-processes.ts';
import type { Place } from './place.ts';
import { type DaemonProcess, daemonProcesses, isAlive, signal, waitUntilGone } from './processes.ts';
import { dropDeadLock, otherHolder } from './start-lock.ts';
import { readState, removeState } from './state-file.ts';

export interface Stopped {
  /** How many processes there were. */
  readonly processes: number;
  /** Whether one had to be killed after the time to drain. */
  readonly killed: boolean;
}

/** In milliseconds: a little longer than a server takes to drain; one that does not serve yet has nothing to drain. */
const patience = { serving: 10_500, starting: 1_000 } as const;

/** Rejects where a process cannot be ended, with its id. */
export async function stop(place: Place): Promise<Stopped> {
  const starter = (): number[] => [otherHolder(place.lockFile) ?? []].flat();
  await waitUntilGone(() => (daemonProcesses(place).length > 0 ? [] : starter()), 2_000);
  const ended = await endProcesses(place);
  removeState(place);
  rmSync(place.crashFile, { force: true });
  dropDeadLock(place.lockFile);
  // The start that was under way sees its server gone, and gives up.
  await waitUntilGone(starter, 3_000);
  return ended;
}

async function endProcesses(place: Place): Promise<Stopped> {
  const found = ownProcesses(place);
  const serving = serves(place, found);
  for (const { pid } of asked(found)) signal(pid, 'SIGTERM');
  if (process.platform !== 'win32') for (const { pid } of found) signal(pid, 'SIGCONT');
  const left = (): DaemonProcess[] => remaining(place, found);
  const willing = await waitUntilGone(left, serving ? patience.serving : patience.starting);
  if (!willing) await kill(left);
  return { processes: found.length, killed: serving && !willing };
}

/** What is left of `found`, and what was started meanwhile. */
function remaining(place: Place, found: readonly DaemonProcess[]): DaemonProcess[] {
  const now = daemonProcesses(place);
  const known = new Set(now.map(({ pid }) => pid));
  return [...now, ...found.filter(({ pid }) => !known.has(pid) && isAlive(pid))];
}

function serves(place: Place, found: readonly DaemonProcess[]): boolean {
  const reading = readState(place);
  if (reading.kind !== 'present') return reading.kind === 'unusable';
  return found.some(({ pid }) => pid === reading.state.pid);
}

/** The server gets the signal from its supervisor, once. */
function asked(found: readonly DaemonProcess[]): readonly DaemonProcess[] {
  const supervised = new Set(
    found.filter(({ role }) => role === 'supervisor').map(({ instance }) => instance),
  );
  return found.filter(({ role, instance }) => role === 'supervisor' || !supervised.has(instance));
}

/** Supervisors come first in the list, so that none starts a server anew. */
async function kill(left: () => DaemonProcess[]): Promise<void> {
  const gone = await waitUntilGone(() => {
    const late = left();
    for (const { pid } of late) signal(pid, 'SIGKILL');
    return late;
  }, 5_000);
  if (!gone)
    throw new Error(
      `could not end process ${left()
        .map(({ pid }) => pid)
        .join(', ')}`,
    );
}
