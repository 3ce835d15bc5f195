/** The real built server as a process of its own, with the flags that `callsheet start` gives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allocatorVariables, nodeFlags } from '../src/daemon/command-line.ts';

const program = resolve(import.meta.dirname, '../bin/callsheet.js');
/** Node reads the extra certificates where they are named, 1.6 MB that are not the server's. */
const { NODE_EXTRA_CA_CERTS: _, ...surroundings } = process.env;

export interface ServerProcess {
  readonly port: number;
  /** From the launch of the process to the line that says it listens and answers, in milliseconds. */
  readonly startMs: number;
  memory(): Memory;
  /** Processor time that all its threads have used, in milliseconds; NaN where the system does not tell. */
  processorMs(): number;
  /** Resolves when it has ended by itself after SIGTERM. */
  stop(): Promise<void>;
}

export interface Memory {
  readonly rssMb: number;
  /** RssAnon; NaN where the system does not tell. */
  readonly privateMb: number;
}

export interface Launch {
  readonly root: string;
  readonly dataDir: string;
  /** Without them the server runs as `node bin/callsheet.js serve` starts it. */
  readonly flags?: boolean;
}

export function startServer({ root, dataDir, flags = true }: Launch): Promise<ServerProcess> {
  return start([program, 'serve', '--root', root, '--data-dir', dataDir, '--port', '0'], flags);
}

/** Answers every request with one text: what Node itself takes of each. */
export function startBareServer(): Promise<ServerProcess> {
  return start([...process.execArgv, join(import.meta.dirname, 'bare-server.ts')], true);
}

async function start(command: readonly string[], flags: boolean): Promise<ServerProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, [...(flags ? nodeFlags : []), ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...surroundings, CALLSHEET_RATE_LIMIT: '0', ...(flags && allocatorVariables) },
  });
  const port = await listeningPort(child);
  return {
    port,
    startMs: performance.now() - started,
    memory: () => memoryOf(child.pid ?? 0),
    processorMs: () => processorMsOf(child.pid ?? 0),
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((found, failed) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = /listening on http:\/\/[^:]+:(\d+)/.exec(text)?.[1];
      if (port) found(Number(port));
    });
    child.once('exit', (code) => failed(new Error(`the server ended with ${code} before it listened`)));
  });
}

function memoryOf(pid: number): Memory {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
    return { rssMb: megabytes('VmRSS'), privateMb: megabytes('RssAnon') };
  } catch {
    return { rssMb: Number.NaN, privateMb: Number.NaN };
  }
}

/** Nanoseconds on a processor come first in a thread's `schedstat` (proc_pid_schedstat). */
function processorMsOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const used = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]);
    return used.reduce((sum, nanoseconds) => sum + Number(nanoseconds), 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}
