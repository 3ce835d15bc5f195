/** The command lines that a daemon is made of. */
import { join } from 'node:path';
import { packageRoot, programFile } from './package-root.ts';
import type { Place } from './place.ts';

/**
 * Keep a full server near 70 MB instead of 98: a small young generation, no extra compiler threads. They cost about
 * 9 % of throughput. `allocatorVariables` belong to them.
 */
export const nodeFlags = ['--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=0'] as const;

/**
 * For the allocator of glibc: one arena, and blocks of 32 KB and more are mapped, so that they go back to the system
 * when they are freed. bin/supervise.sh sets the same.
 */
export const allocatorVariables = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768' } as const;
/** The same, as a shell and systemd read them. */
export const allocatorSettings = Object.entries(allocatorVariables)
  .map(([name, value]) => `${name}=${value}`)
  .join(' ');

export interface Serving {
  readonly place: Place;
  readonly instance: string;
  /** Options for `serve`, as they were given to `start`. */
  readonly options: readonly string[];
}

/** The server's own command line; its last options are what `processes.ts` recognises it by. */
export function serverCommand({ place, instance, options }: Serving): string[] {
  const own = ['--state-file', place.stateFile, '--instance', instance];
  return [process.execPath, ...nodeFlags, programFile(), 'serve', ...options, ...own];
}

/** The server under a supervisor that restarts it. */
export function supervisedCommand(serving: Serving): string[] {
  const { place, instance } = serving;
  const runner =
    process.platform === 'win32'
      ? [process.execPath, join(packageRoot(), 'bin', 'supervise.mjs')]
      : ['sh', join(packageRoot(), 'bin', 'supervise.sh')];
  return [...runner, place.stateFile, place.crashFile, instance, ...serverCommand(serving)];
}

/** The server alone, with no other process left behind. */
export function plainCommand(serving: Serving): string[] {
  const command = serverCommand(serving);
  if (process.platform === 'win32') return command;
  return ['sh', '-c', `${allocatorSettings} exec "$@"`, 'sh', ...command];
}
