/** One run from files to a snapshot: the reading of the roots, and the search indexes over it. */
import { join } from 'node:path';
import type { Embedding } from '../search/semantic.ts';
import type { Root } from './layout.ts';
import { createParseCache } from './parse-cache.ts';
import { readCatalogue } from './read.ts';
import { createSearchIndexes } from './search-indexes.ts';
import { createPause } from './slice.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';

export interface BuilderOptions {
  readonly roots: readonly Root[];
  readonly embedding?: Embedding;
  readonly cacheDirectory?: string;
  readonly clock: () => number;
  readonly now?: () => number;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void };
}

/** A function that reads the catalogue as it is now; calls must not overlap. */
export function createBuilder(options: BuilderOptions): () => Promise<Snapshot> {
  const { roots, cacheDirectory, clock, now = Date.now, log } = options;
  const file = cacheDirectory === undefined ? undefined : join(cacheDirectory, 'catalogue.cache');
  const cache = createParseCache(file);
  const search = createSearchIndexes(options);
  return async () => {
    const pause = createPause(clock);
    const reading = await readCatalogue({ roots, cache, pause, now, log });
    const indexes = await search.build(reading.entries, { ...reading, pause });
    return createSnapshot({ ...reading, indexes });
  };
}
