/**
 * Memory against its limits: 50 MB soft, 100 MB hard, of the process's own pages (RssAnon), since the shared binary
 * alone takes more than 30 MB of the resident set. Where the platform does not tell, what the runtime counts stands
 * in: heap and buffers.
 */
import type { ServiceLog } from './ports.ts';

export interface MemoryReading {
  /** RssAnon in MB; null where the platform does not tell. */
  readonly privateMb: number | null;
  /** Heap and buffers in MB. */
  readonly countedMb: number;
}

export interface MemoryWatch {
  /** Reads memory; a limit that is newly passed goes to the log. */
  sample(): void;
  /** One sentence while the last sample is over a limit. */
  warnings(): readonly string[];
}

const SOFT_MB = 50;
const HARD_MB = 100;

export function createMemoryWatch(
  read: () => MemoryReading,
  log: Pick<ServiceLog, 'warn' | 'error'>,
): MemoryWatch {
  let passed = 0;
  let used = 0;
  const limitOf = (mb: number): number => (mb > HARD_MB ? HARD_MB : mb > SOFT_MB ? SOFT_MB : 0);
  return {
    sample() {
      const { privateMb, countedMb } = read();
      used = privateMb ?? countedMb;
      const limit = limitOf(used);
      if (limit > passed) {
        const level = limit === HARD_MB ? 'error' : 'warn';
        log[level]('memory is over its limit', { private_memory_mb: Math.round(used), limit_mb: limit });
      }
      passed = limit;
    },
    warnings() {
      if (passed === 0) return [];
      const kind = passed === HARD_MB ? 'hard' : 'soft';
      return [`Private memory is ${Math.round(used)} MB, over its ${kind} limit of ${passed} MB.`];
    },
  };
}
