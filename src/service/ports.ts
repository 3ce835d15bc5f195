/** What the service asks of its surroundings, as narrow as it needs it; `app.ts` hands in the real things. */
import type { Indexer } from '../catalog/indexer.ts';
import type { Metrics } from '../protocol/entities.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { Logger } from '../telemetry/logger.ts';

export type Catalogue = Pick<Indexer, 'current' | 'reindex'>;

export type ServiceLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Counts and times calls; `telemetry/metrics.ts` fits. */
export interface CallMetrics {
  /** One finished call, failed ones included. */
  recordCall(method: MethodName, durationMs: number): void;
  /** One failed call, by JSON-RPC code. */
  recordError(code: number): void;
  snapshot(): Pick<Metrics, 'queries' | 'errors' | 'performance' | 'process'>;
}

/** The process as it is now. */
export interface ProcessState {
  /** Calls are answered while it is `serving` only. */
  phase(): 'starting' | 'serving' | 'stopping';
  uptimeMs(): number;
  /** Resident set size, in megabytes of 2²⁰ bytes. */
  memoryMb(): number;
  /** Sentences about what its owner should know, from outside of catalogue and storage. */
  warnings(): readonly string[];
}
