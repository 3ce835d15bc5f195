/** Who listens on a port of this machine, as well as this user may know: another Callsheet with its project, else the program. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { ask } from './identity.ts';
import { allDaemonProcesses, describeProcess } from './processes.ts';
import { parseJson, readIfThere } from './state-file.ts';

/** In words; `undefined` where the port is free or nothing can be found out. */
export async function portHolder(port: number): Promise<string | undefined> {
  const own = await callsheetOn(port);
  if (own) return own;
  const pid = listenerPid(port);
  if (pid === undefined) return undefined;
  const program = describeProcess(pid);
  return `process ${pid}${program ? ` (${program})` : ''}`;
}

async function callsheetOn(port: number): Promise<string | undefined> {
  const answer = await ask(`http://127.0.0.1:${port}`, { timeoutMs: 500 });
  if (answer?.instance === undefined) return undefined;
  const found = allDaemonProcesses().find(({ instance }) => instance === answer.instance);
  const project = found && projectOf(found.stateFile);
  return `another Callsheet${project ? ` (of ${project})` : ''}`;
}

function projectOf(stateFile: string): string | undefined {
  try {
    const state = parseJson(readIfThere(stateFile) ?? '');
    return typeof state === 'object' && state !== null && 'project' in state
      ? String(state.project)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The process that listens on a port, where the system tells. */
export function listenerPid(port: number): number | undefined {
  if (process.platform === 'linux') return listenerFromProc(port);
  const [command, args] =
    process.platform === 'win32'
      ? ([
          'powershell',
          [
            '-NoProfile',
            '-Command',
            `(Get-NetTCPConnection -State Listen -LocalPort ${port} | Select-Object -First 1).OwningProcess`,
          ],
        ] as const)
      : (['lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']] as const);
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = Number.parseInt(text, 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return undefined;
  }
}

/** The socket's inode from the kernel's table, then the process that has it open. */
function listenerFromProc(port: number): number | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port));
  if (inodes.length === 0) return undefined;
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => openFiles(pid).some((target) => targets.has(target)));
}

function listeningInodes(table: string, port: number): string[] {
  try {
    const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = readFileSync(table, 'utf8').split('\n').slice(1);
    const fields = rows.map((row) => row.trim().split(/\s+/));
    // local address is field 1, state 3 (0A: listening), inode 9
    return fields.filter((f) => f[1]?.endsWith(wanted) && f[3] === '0A').map((f) => f[9]);
  } catch {
    return [];
  }
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => linkTarget(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function linkTarget(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}
