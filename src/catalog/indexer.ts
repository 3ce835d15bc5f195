/**
 * Keeps the current snapshot: scan → parse what changed → build aside → swap one reference.
 *
 * Concurrent calls of `reindex` share one run; a call that arrives during a run starts one more after it, so that
 * whoever asks is answered by a scan that began after the question.
 */
import type { ReindexResult } from '../protocol/entities.ts';
import type { Embedding } from '../search/semantic.ts';
import type { Snapshot } from './snapshot.ts';
import type { Root } from './sources.ts';

/** The part of a logger that is used here. */
export interface CatalogLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface IndexerOptions {
  /** In order: the earlier one wins among equals. */
  readonly roots: readonly Root[];
  /** Absent: search works by words alone. */
  readonly embedding?: Embedding;
  /** Folder for what may be kept between starts; absent: nothing is kept. */
  readonly cacheDirectory?: string;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly log?: CatalogLog;
}

export interface Indexer {
  /** Empty until the first `reindex` has finished. */
  current(): Snapshot;
  reindex(): Promise<ReindexResult>;
  /** Called after each swap; gives back what unsubscribes. */
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
}
