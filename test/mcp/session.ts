/** Real processes and the official client: a project, a server for it, sessions over both transports and eras. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

export const program = resolve(import.meta.dirname, '../../bin/callsheet.js');
const roster = resolve(import.meta.dirname, '../fixtures/roster');

export interface Project {
  readonly folder: string;
  /** Arguments that lead a command to it. */
  readonly place: readonly string[];
  remove(): Promise<void>;
}

/** A copy of the roster that tests may change. @param usualPlace its state lies where hooks and clients look for it */
export async function openProject(usualPlace = false): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'callsheet-mcp-'));
  await cp(roster, folder, { recursive: true });
  return {
    folder,
    place: ['--root', folder, ...(usualPlace ? [] : ['--data-dir', join(folder, '.data')])],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Serving {
  readonly url: string;
  readonly process: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const environment = { ...process.env, CALLSHEET_RATE_LIMIT: '0' };

/** `callsheet serve` as a process of its own, on any free port. */
export async function serve(
  { folder, place }: Project,
  env: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const child = spawn(process.execPath, [program, 'serve', ...place, '--port', '0'], {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((found, failed) => {
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const at = /listening on (\S+)/.exec(chunk.toString())?.[1];
      if (at) found(at);
    });
    child.once('exit', () => failed(new Error(`the server did not start: ${text}`)));
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  return {
    url,
    process: child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
}

export type Era = 'legacy' | 'modern';

export function newClient(era: Era, options: ClientOptions = {}): Client {
  const mode = era === 'legacy' ? 'legacy' : { pin: '2026-07-28' };
  return new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, ...options });
}

export async function overHttp(url: string, client: Client, key?: string): Promise<Client> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
  return client;
}

/** Starts `callsheet mcp` as hosts do. What it says beside the protocol goes to `said`. */
export async function overStdio(
  { folder, place }: Project,
  client: Client,
  said: string[] = [],
): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'mcp', ...place],
    cwd: folder,
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  await client.connect(transport);
  return client;
}

/** `callsheet mcp` with bare pipes. */
export function spawnMcp(
  { folder, place }: Project,
  env: Readonly<Record<string, string>> = {},
): ChildProcess & { readonly stdin: NonNullable<ChildProcess['stdin']> } {
  const child = spawn(process.execPath, [program, 'mcp', ...place], {
    cwd: folder,
    env: { ...environment, ...env },
  });
  return child as ReturnType<typeof spawnMcp>;
}
