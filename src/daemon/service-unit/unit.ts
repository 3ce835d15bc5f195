/**
 * The daemon as a service of the system, started when its user logs in: a unit for systemd, launchd or the Task
 * Scheduler, whichever this system has. The manager takes the supervisor's place.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import { serverCommand } from '../command-line.ts';
import type { Place } from '../place.ts';
import { launchd } from './launchd.ts';
import type { Job, Manager } from './manager.ts';
import { systemd } from './systemd.ts';
import { taskScheduler } from './task-scheduler.ts';

export const managers = { systemd, launchd, 'task-scheduler': taskScheduler } as const;
export type ManagerName = keyof typeof managers;

export interface Unit {
  readonly file: string;
  readonly text: string;
  installed(): boolean;
  write(): void;
  /** Why the manager cannot be reached; `undefined` where it can. */
  unreachable(): string | undefined;
  /** Has the manager start it, now and at every log-in; says what failed, if anything did. */
  enable(): string | undefined;
  /** Ends its server, so that the manager does not take the end for a crash; nothing where it is not installed. */
  halt(): void;
  /** Ends it and removes its file; false where there was none. */
  remove(): boolean;
}

export function unitOf(place: Place, options: readonly string[] = [], name = nativeManager()): Unit {
  const manager: Manager = managers[name];
  const job = jobOf(place, options);
  const file = manager.fileFor(job, homedir());
  const text = manager.render(job);
  return {
    file,
    text,
    installed: () => existsSync(file),
    write: () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, manager.encode?.(text) ?? text, { mode: 0o644 });
    },
    unreachable: () => attempt([manager.probe]),
    enable: () => attempt(manager.enable(job, file)),
    halt: () => {
      if (existsSync(file)) attempt(manager.halt(job, file));
    },
    remove: () => {
      if (!existsSync(file)) return false;
      attempt(manager.disable(job, file));
      rmSync(file, { force: true });
      return true;
    },
  };
}

function nativeManager(): ManagerName {
  if (process.platform === 'darwin') return 'launchd';
  return process.platform === 'win32' ? 'task-scheduler' : 'systemd';
}

function jobOf(place: Place, options: readonly string[]): Job {
  const hash = createHash('sha256').update(place.stateFile).digest('hex').slice(0, 8);
  const slug = basename(place.project)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return {
    name: `callsheet-${slug}-${hash}`.replace(/-+/g, '-'),
    project: place.project,
    command: serverCommand({ place, instance: `service-${hash}`, options }),
    outputFile: place.outputFile,
  };
}

/** Runs commands in order up to the first that fails; says which and why. */
function attempt(commands: readonly (readonly string[])[]): string | undefined {
  for (const [command, ...args] of commands) {
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 30_000 });
    } catch (error) {
      const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
      return `"${[command, ...args].join(' ')}" failed${stderr ? `: ${stderr.split('\n')[0]}` : ''}`;
    }
  }
  return undefined;
}
