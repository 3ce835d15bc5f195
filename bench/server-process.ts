/** The real built server as a process of its own, with the flags that `callsheet start` gives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../bin/callsheet.js');
const launchFlags = ['--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=0'];
const allocatorSettings = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768' };
/** Node reads the extra certificates where they are named, 1.6 MB that are not the server's. */
const { NODE_EXTRA_CA_CERTS: _, ...surroundings } = process.env;

export interface ServerProcess {
  readonly port: number;
  /** From the launch of the process to the line that says it listens and answers, in milliseconds. */
  readonly startMs: number;
  memory(): Memory;
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

export async function startServer({ root, dataDir, flags = true }: Launch): Promise<ServerProcess> {
  const serve = ['serve', '--root', root, '--data-dir', dataDir, '--port', '0'];
  const started = performance.now();
  const child = spawn(process.execPath, [...(flags ? launchFlags : []), program, ...serve], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...surroundings, CALLSHEET_RATE_LIMIT: '0', ...(flags && allocatorSettings) },
  });
  const port = await listeningPort(child);
  return {
    port,
    startMs: performance.now() - started,
    memory: () => memoryOf(child.pid ?? 0),
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
