/**
 * What is true about a project's daemon: the state file's claim, the server's own answer and the processes, put
 * together.
 *
 *   running     the server answers and is the instance the state file names
 *   starting    its process is there and has not claimed the state file yet
 *   hung        its process is there, claimed the state file, and does not answer
 *   restarting  the supervisor is there and about to start the server again
 *   stopped     nothing of it is there; `note` says what a left-over state file refers to
 */
import { type Answer, type AskOptions, ask } from './identity.ts';
import { ownProcesses } from './own-processes.ts';
import type { Place } from './place.ts';
import { portHolder } from './port-holder.ts';
import { type DaemonProcess, describeProcess, isAlive } from './processes.ts';
import { type DaemonState, readState, type StateReading } from './state-file.ts';

export type Condition =
  | {
      readonly kind: 'running';
      readonly state: DaemonState;
      readonly answer: Answer;
      readonly processes: readonly DaemonProcess[];
    }
  | {
      readonly kind: 'starting' | 'hung' | 'restarting';
      readonly state?: DaemonState;
      readonly processes: readonly DaemonProcess[];
    }
  | { readonly kind: 'stopped'; readonly note?: string };

export async function inspect(place: Place, options: AskOptions = {}): Promise<Condition> {
  const reading = readState(place);
  const state = reading.kind === 'present' ? reading.state : undefined;
  const answer = state && (await ask(state.url, options));
  const processes = ownProcesses(place);
  if (state && answer?.instance === state.instance) return { kind: 'running', state, answer, processes };
  if (processes.length === 0) return stopped(await leftOver(reading, answer));
  return { kind: stage(processes, state), ...(state && { state }), processes };
}

function stopped(note: string | undefined): Condition {
  return note === undefined ? { kind: 'stopped' } : { kind: 'stopped', note };
}

function stage(processes: readonly DaemonProcess[], state: DaemonState | undefined) {
  const servers = processes.filter(({ role }) => role === 'server');
  if (state && servers.some(({ pid }) => pid === state.pid)) return 'hung';
  return servers.length > 0 || !state ? 'starting' : 'restarting';
}

/** Names what a state file refers to when no server of ours is there. */
async function leftOver(reading: StateReading, answer: Answer | undefined): Promise<string | undefined> {
  if (reading.kind === 'absent') return undefined;
  if (reading.kind === 'unusable') return `the state file is not of this project: ${reading.reason}`;
  const { pid, port } = reading.state;
  const parts = [
    isAlive(pid)
      ? `process ${pid} is a stranger now (${describeProcess(pid) ?? 'it cannot be seen'})`
      : `process ${pid} is gone`,
  ];
  if (answer) parts.push(`port ${port} is held by ${(await portHolder(port)) ?? 'a stranger'}`);
  return `the state file is stale: ${parts.join(', and ')}`;
}
