/**
 * The processes of a daemon, recognised by their own command lines.
 *
 * A server and its supervisor both carry `--state-file <file>` and `--instance <id>` among their arguments, so they
 * are found whatever state they are in (starting, hung, orphaned) and whatever became of their files, and no process
 * that merely inherited a recorded pid is ever taken for one.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './place.ts';

export interface DaemonProcess {
  readonly pid: number;
  readonly role: 'server' | 'supervisor';
  readonly instance: string | undefined;
  readonly stateFile: string;
}

/** A process as the system lists it. */
export interface Running {
  readonly pid: number;
  /** Arguments, where the system keeps them apart; else one string with all of them. */
  readonly args: readonly string[];
}

/** The processes of one project's daemon, the supervisor first. */
export function daemonProcesses(place: Place): DaemonProcess[] {
  return allDaemonProcesses()
    .filter(({ stateFile }) => stateFile === place.stateFile)
    .sort((a, b) => Number(b.role === 'supervisor') - Number(a.role === 'supervisor'));
}

/** Every Callsheet daemon process of this machine that can be seen. */
export function allDaemonProcesses(): DaemonProcess[] {
  return listProcesses()
    .map(recognised)
    .filter((found) => found !== undefined);
}

/** What a process runs, in one line; `undefined` where it cannot be seen. */
export function commandLine(pid: number): string | undefined {
  const running = process.platform === 'linux' ? fromProc(pid) : listProcesses().find((p) => p.pid === pid);
  return running?.args.join(' ');
}

/** The beginning of it, for people. */
export function describeProcess(pid: number): string | undefined {
  return commandLine(pid)?.slice(0, 200);
}

/** Whether a process with this id exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

/** Sends a signal; a process that has gone meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Waits until none is left; false when the time is over first. */
export async function waitUntilGone(
  remaining: () => readonly unknown[],
  timeoutMs: number,
): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  while (remaining().length > 0) {
    if (Date.now() >= until) return false;
    await sleep(50);
  }
  return true;
}

/** What a process is to us; `undefined` for a stranger, and for this very process. */
export function recognised({ pid, args }: Running): DaemonProcess | undefined {
  if (pid === process.pid) return undefined;
  const line = args.length === 1 ? splitLine(args[0]) : args;
  const stateFile = following(line, '--state-file');
  if (stateFile === undefined || !line.some((arg) => /[\\/]callsheet\.js\b/.test(arg))) return undefined;
  const supervises = line.some((arg) => /[\\/]supervise\.(sh|mjs)\b/.test(arg));
  return {
    pid,
    role: supervises ? 'supervisor' : 'server',
    instance: following(line, '--instance'),
    stateFile,
  };
}

function following(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** `ps` and Windows join arguments with spaces: what follows an option reaches up to the next one. */
function splitLine(line: string): string[] {
  return line
    .split(/\s+(?=--)/)
    .flatMap((part) => (part.startsWith('--') ? firstSpace(part) : part.split(/\s+/)))
    .map((part) => part.replace(/^"(.*)"$/, '$1'));
}

function firstSpace(part: string): string[] {
  const at = part.indexOf(' ');
  return at < 0 ? [part] : [part.slice(0, at), part.slice(at + 1)];
}

function listProcesses(): Running[] {
  if (process.platform === 'linux') return listFromProc();
  if (process.platform !== 'win32') return readProcessList(output('ps', ['-axww', '-o', 'pid=,command=']));
  const query = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.CommandLine)" }';
  return readProcessList(output('powershell', ['-NoProfile', '-NonInteractive', '-Command', query]));
}

/** Lines of an id and a command line, as `ps` and our question to Windows write them. */
export function readProcessList(text: string): Running[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), args: [match[2]] }] : [];
  });
}

function listFromProc(): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => fromProc(Number(name)))
    .filter((running) => running !== undefined);
}

function fromProc(pid: number): Running | undefined {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return args.length > 0 ? { pid, args } : undefined;
  } catch {
    return undefined;
  }
}

function isZombie(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

function output(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
    });
  } catch {
    return '';
  }
}
