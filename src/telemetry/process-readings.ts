/** What the process says about itself: memory, uptime, the longest pause of its event loop. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '../protocol/entities.ts';

export type ProcessReadings = Metrics['process'];

export interface ProcessProbe {
  /** `event_loop_max_ms` covers the time since the last reading. */
  read(): ProcessReadings;
  close(): void;
}

/** The loop's timer looks this often, in ms; a shorter pause between two looks can go unseen. */
const RESOLUTION_MS = 20;
const MB = 1024 * 1024;

export function openProcessProbe(): ProcessProbe {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    read() {
      const longest = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
      delay.reset();
      const { rss, heapUsed } = process.memoryUsage();
      return {
        memory_mb: round(rss / MB),
        private_memory_mb: readPrivateMemory(),
        heap_mb: round(heapUsed / MB),
        uptime_ms: Math.round(process.uptime() * 1000),
        event_loop_max_ms: round(longest),
      };
    },
    close: () => delay.disable(),
  };
}

/** What limits are held against: the private pages, and where nobody tells them, heap and buffers; in MB. */
export function readMemory(): { readonly privateMb: number | null; readonly countedMb: number } {
  const { heapTotal, external } = process.memoryUsage();
  return { privateMb: readPrivateMemory(), countedMb: round((heapTotal + external) / MB) };
}

/** RssAnon of Linux in MB: pages that are this process's own. Null where the system does not tell. */
function readPrivateMemory(): number | null {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? null : round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
