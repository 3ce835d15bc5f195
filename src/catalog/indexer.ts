/**
 * Keeps the current snapshot: whoever asks reads it, re-indexing builds another one aside and swaps one reference.
 *
 * Concurrent calls of `reindex` share one run; calls that arrive during a run are answered by one more run after
 * it, so that whoever asks is answered by a scan that began after the question.
 */
import type { ReindexResult } from '../protocol/entities.ts';
import type { Embedding } from '../search/semantic.ts';
import { createBuilder } from './build.ts';
import type { Root } from './layout.ts';
import { kindOrder } from './names.ts';
import { emptySnapshot, type Snapshot } from './snapshot.ts';

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
  /** Milliseconds since the epoch, on the clock the file system uses. */
  readonly now?: () => number;
  readonly log?: CatalogLog;
}

export interface Indexer {
  /** Empty until the first `reindex` has finished. */
  current(): Snapshot;
  reindex(): Promise<ReindexResult>;
  /** Called after each swap that changed something; gives back what unsubscribes. */
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
}

export function createIndexer(options: IndexerOptions): Indexer {
  const build = createBuilder(options);
  let snapshot = emptySnapshot();
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const run = async (): Promise<ReindexResult> => {
    const started = options.clock();
    const before = snapshot;
    const next = await build();
    snapshot = next;
    const result = { ...compare(before, next), duration_ms: Math.max(0, options.clock() - started) };
    options.log?.info('catalogue indexed', { ...result });
    if (before.revision !== next.revision) for (const listener of listeners) listener(next);
    return result;
  };
  return {
    current: () => snapshot,
    reindex: coalesce(run),
    onSwap: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** At most one run at a time; calls during a run share the next one. */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(noop, noop).then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}

const noop = (): void => undefined;

/** What changed between two catalogues. */
function compare(before: Snapshot, after: Snapshot): Omit<ReindexResult, 'duration_ms'> {
  let added = 0;
  let changed = 0;
  let kept = 0;
  for (const kind of kindOrder) {
    for (const entry of after.entries(kind)) {
      const previous = before.get(entry.id, kind);
      if (!previous) added++;
      else kept++;
      if (previous && previous.contentHash !== entry.contentHash) changed++;
    }
  }
  const total = kindOrder.reduce((sum, kind) => sum + before.entries(kind).length, 0);
  const { revision, counts, problems } = after;
  return { revision, ...counts, added, changed, removed: total - kept, problems: problems.length };
}
