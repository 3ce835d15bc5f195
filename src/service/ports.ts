/** What the service asks of its surroundings, as narrow as it needs it; `app.ts` hands in the real things. */
import type { Indexer } from '../catalog/indexer.ts';
import type { Metrics } from '../protocol/entities.ts';
import type { MethodName } from '../protocol/methods.ts';

export type Catalogue = Pick<Indexer, 'current' | 'reindex'>;

export interface ServiceLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counts and times calls; what was measured comes back as the members of `getMetrics`. */
export interface CallMetrics {
  /** One finished call, failed ones included. */
  observe(method: MethodName, durationMs: number): void;
  /** One failed call, by JSON-RPC code. */
  countError(code: number): void;
  report(): Pick<Metrics, 'queries' | 'errors' | 'performance'>;
}

/** The process as it is now. */
export interface ProcessState {
  /** Calls are answered while it is `running` only. */
  phase(): 'starting' | 'running' | 'stopping';
  memory(): MemoryReading;
  /** Longest pause of the event loop since the last reading, in milliseconds. */
  eventLoopMax(): number;
  uptimeMs(): number;
  /** Sentences about what its owner should know, from outside of catalogue and storage. */
  warnings(): readonly string[];
}

/** In megabytes of 2²⁰ bytes. */
export interface MemoryReading {
  /** Resident set size. */
  readonly rss: number;
  /** RssAnon: what the process has for itself; null where the platform does not tell. */
  readonly private: number | null;
  readonly heap: number;
  /** Heap and buffers as the runtime counts them; what limits apply to where `private` is null. */
  readonly counted: number;
}
