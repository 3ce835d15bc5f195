/**
 * Starts the daemon of a project, once, whoever else is trying.
 *
 *   lock ─► inspect ─► already running? done · hung or of another version? stop it first
 *        ─► launch detached ─► wait until it claims the state file and says it is healthy
 *
 * The server chooses its port itself: the wanted one or the next free one, which the state file then holds.
 */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainCommand, supervisedCommand } from './command-line.ts';
import { ask } from './identity.ts';
import { type Condition, inspect } from './inspect.ts';
import { lastLines } from './log-lines.ts';
import type { Place } from './place.ts';
import { portHolder } from './port-holder.ts';
import { daemonProcesses } from './processes.ts';
import { withStartLock } from './start-lock.ts';
import { type DaemonState, newInstance, readState } from './state-file.ts';
import { stop } from './stopper.ts';

export interface StartOptions {
  readonly place: Place;
  /** Options handed on to `serve`; where there are none, a server that is replaced hands on its own. */
  readonly serveOptions: readonly string[];
  /** The port it gets unless these options name one; 0 for any. */
  readonly port: number;
  /** Start it again when it crashes. */
  readonly autoRestart: boolean;
  readonly version: string;
  readonly apiKey?: string;
  /** Takes progress and notices, a line each. */
  readonly say: (line: string) => void;
}

export interface Started {
  readonly state: DaemonState;
  readonly outcome: 'started' | 'already running' | 'replaced';
}

/** How long indexing may take before a start is given up, in milliseconds. */
const patience = 120_000;
const logLimitBytes = 5 << 20;

/** Resolves when the server is healthy; rejects with the end of its log where it does not come up. */
export function start(options: StartOptions): Promise<Started> {
  return withStartLock(options.place.lockFile, patience, () => startLocked(options));
}

async function startLocked(options: StartOptions): Promise<Started> {
  const { place, say } = options;
  const found = await settled(options);
  if (found.kind === 'running' && found.state.version === options.version) {
    return { state: found.state, outcome: 'already running' };
  }
  if (found.kind === 'stopped') {
    if (found.note) say(`${found.note}; starting a new server`);
    return { state: await launch(options), outcome: 'started' };
  }
  say(reasonToReplace(found, options.version));
  await stop(place);
  const inherited = options.serveOptions.length === 0 ? (found.state?.options ?? []) : options.serveOptions;
  return { state: await launch({ ...options, serveOptions: inherited }), outcome: 'replaced' };
}

/** A server on its way up or down is waited for, and one that is merely busy: what it becomes decides. */
async function settled({ place, apiKey }: StartOptions): Promise<Condition> {
  const began = Date.now();
  for (;;) {
    const found = await inspect(place, { apiKey });
    if (Date.now() - began >= timeToSettle(found)) return found;
    await sleep(100);
  }
}

/** In milliseconds. */
function timeToSettle(found: Condition): number {
  if (found.kind === 'stopped') return 0;
  if (found.kind === 'running') return found.answer.health.status === 'stopping' ? 15_000 : 0;
  return { hung: 6_000, restarting: 15_000, starting: 60_000 }[found.kind];
}

function reasonToReplace(found: Exclude<Condition, { kind: 'stopped' }>, version: string): string {
  if (found.kind !== 'running') return `the server is ${found.kind} and does not answer; replacing it`;
  return `replacing version ${found.state.version} with ${version}`;
}

async function launch(options: StartOptions): Promise<DaemonState> {
  const { place, say } = options;
  const port = wantedPort(options);
  const holder = port === 0 ? undefined : await portHolder(port);
  const instance = newInstance();
  launchDetached(options, instance);
  const state = await untilHealthy(options, instance);
  if (port !== 0 && state.port !== port) {
    say(
      `port ${port} is taken by ${holder ?? 'another program'}; using ${state.port}, recorded in ${place.stateFile}`,
    );
  }
  return state;
}

function wantedPort({ serveOptions, port }: StartOptions): number {
  const at = serveOptions.indexOf('--port');
  return at < 0 ? port : Number(serveOptions[at + 1]);
}

function launchDetached({ place, serveOptions, autoRestart }: StartOptions, instance: string): void {
  const serving = { place, instance, options: serveOptions };
  const [command, ...args] = autoRestart ? supervisedCommand(serving) : plainCommand(serving);
  rmSync(place.crashFile, { force: true });
  const log = openLog(place.outputFile);
  try {
    const child = spawn(command, args, {
      cwd: place.project,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    // A command that cannot be run shows itself as a server that does not come up.
    child.on('error', () => undefined);
    child.unref();
  } finally {
    closeSync(log);
  }
}

/** Appends; a log that has grown large is kept as `.1` and begun anew. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimitBytes) renameSync(file, `${file}.1`);
  const log = openSync(file, 'a', 0o600);
  if (process.platform !== 'win32') chmodSync(file, 0o600);
  return log;
}

async function untilHealthy({ place, say, apiKey }: StartOptions, instance: string): Promise<DaemonState> {
  const began = Date.now();
  let told = false;
  let seen = false;
  while (Date.now() - began < patience) {
    const state = await claimed(place, instance, apiKey);
    if (state) return state;
    const present = daemonProcesses(place).length > 0;
    // A process needs a moment to appear in the list.
    if (!present && (seen || Date.now() - began > 1_000)) break;
    seen ||= present;
    if (!told && Date.now() - began > 1_000) {
      told = true;
      say('indexing the catalogue …');
    }
    await sleep(50);
  }
  const log = lastLines(place.outputFile, 10).join('\n');
  throw new Error(`the server did not come up. The end of ${place.outputFile}:\n${log}`);
}

async function claimed(place: Place, instance: string, apiKey?: string): Promise<DaemonState | undefined> {
  const reading = readState(place);
  if (reading.kind !== 'present' || reading.state.instance !== instance) return undefined;
  const answer = await ask(reading.state.url, { apiKey });
  return answer?.instance === instance && answer.httpStatus === 200 ? reading.state : undefined;
}
