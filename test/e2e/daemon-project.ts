/**
 * A temporary project for tests of the daemon: with a path that has spaces, a home of its own, and nothing left
 * running at the end. Commands run in this process; the servers they start are real ones, of the built binary.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/cli/main.ts';
import { commandTable } from '../../src/cli/table.ts';
import { readConfig } from '../../src/config.ts';
import { type Place, placeOf } from '../../src/daemon/place.ts';
import { allDaemonProcesses, daemonProcesses, isAlive, signal } from '../../src/daemon/processes.ts';

const checkout = resolve(import.meta.dirname, '../..');
export const program = join(checkout, 'bin', 'callsheet.js');

/** Whether the tests can run: they need `npm run build`. */
export const isBuilt = existsSync(join(checkout, 'dist', 'cli.js'));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class DaemonProject {
  readonly base: string;
  readonly root: string;
  readonly home: string;
  readonly place: Place;
  readonly #homeBefore = process.env.HOME;

  constructor() {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'callsheet daemon ')));
    this.root = join(this.base, "a 'project' 100%");
    this.home = join(this.base, 'home');
    mkdirSync(join(this.root, '.git'), { recursive: true });
    mkdirSync(this.home);
    process.env.HOME = this.home;
    process.env.MCP_PORT = '0';
    this.place = placeOf(readConfig({ cwd: this.root }));
  }

  /** Runs a command as if typed in the project. */
  async run(...argv: string[]): Promise<Ran> {
    return this.runIn(this.root, ...argv);
  }

  async runIn(cwd: string, ...argv: string[]): Promise<Ran> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main({
      argv,
      cwd,
      out: { terminal: false, line: (text) => out.push(text) },
      err: { terminal: false, line: (text) => err.push(text) },
      table: commandTable,
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  /** Starts a command of the built binary and does not wait for it. */
  launch(...argv: string[]): { readonly pid: number; readonly ended: Promise<number | null> } {
    const child = spawn(process.execPath, [program, ...argv], { cwd: this.root, stdio: 'ignore' });
    const ended = new Promise<number | null>((settle) => child.once('exit', settle));
    return { pid: child.pid ?? 0, ended };
  }

  async status(): Promise<{ running: boolean; pid: number; port: number; url: string; version: string }> {
    return JSON.parse((await this.run('status', '--json')).out);
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(resolve(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }

  pidOf(role: 'server' | 'supervisor'): number {
    const found = daemonProcesses(this.place).find((process) => process.role === role);
    if (!found) throw new Error(`there is no ${role}`);
    return found.pid;
  }

  /** Kills what the test left and removes everything. */
  async end(): Promise<void> {
    const left = () => allDaemonProcesses().filter(({ stateFile }) => stateFile.startsWith(this.base));
    while (left().length > 0) {
      for (const { pid } of left()) signal(pid, 'SIGKILL');
      await sleep(20);
    }
    process.env.HOME = this.#homeBefore;
    delete process.env.MCP_PORT;
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** Waits for something that happens by itself, such as a restart. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`it did not happen: ${what}`);
}

export async function gone(pid: number): Promise<void> {
  await eventually(() => !isAlive(pid), `process ${pid} ends`);
}

/** Every file and folder below a folder, with mode and content's hash, to compare trees. */
export function treeOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return paths.map((path) => `${path} ${described(join(folder, path))}`).join('\n');
}

function described(file: string): string {
  const { mode } = statSync(file);
  const hash = statSync(file).isFile() && createHash('sha256').update(readFileSync(file)).digest('hex');
  return `${(mode & 0o777).toString(8)} ${hash || 'folder'}`;
}
