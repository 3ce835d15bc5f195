/**
 * Ends the daemon of a project, whatever state it is in, and leaves nothing behind.
 *
 *   SIGTERM (to the supervisor, which hands it on; else to the server) and SIGCONT, in case it is suspended
 *   ─► ten seconds to drain ─► SIGKILL to what is left, until nothing is ─► state, pid file and dead lock removed
 *
 * Only processes recognised by their own command lines are signalled.
 */

import { rmSync } from 'node:fs';
import type { Place } from './place.ts';
import { type DaemonProcess, daemonProcesses, signal, waitUntilGone } from './processes.ts';
import { dropDeadLock } from './start-lock.ts';
import { removeState } from './state-file.ts';

export interface Stopped {
  /** How many processes there were. */
  readonly processes: number;
  /** Whether one had to be killed. */
  readonly killed: boolean;
}

/** A little longer than the ten seconds a server takes to drain, in milliseconds. */
const drain = 10_500;

/** Rejects where a process cannot be ended, with its id. */
export async function stop(place: Place): Promise<Stopped> {
  const found = daemonProcesses(place);
  for (const { pid } of asked(found)) signal(pid, 'SIGTERM');
  if (process.platform !== 'win32') for (const { pid } of found) signal(pid, 'SIGCONT');
  const left = (): DaemonProcess[] => daemonProcesses(place);
  const willing = await waitUntilGone(left, drain);
  if (!willing) await kill(left);
  removeState(place);
  rmSync(place.crashFile, { force: true });
  dropDeadLock(place.lockFile);
  return { processes: found.length, killed: !willing };
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
  for (const { pid } of left()) signal(pid, 'SIGKILL');
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
