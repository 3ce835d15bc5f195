/** Reads the catalogue without a server, and leaves what it learned in the caches for the next start. */
import { createIndexer } from '../catalog/indexer.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Config } from '../config.ts';
import type { ReindexResult } from '../protocol/entities.ts';
import { openEmbedding } from '../search/model-file.ts';

export interface OfflineCatalogue {
  readonly snapshot: Snapshot;
  readonly result: ReindexResult;
}

export async function readCatalogue({ roots, dataDir, modelDir }: Config): Promise<OfflineCatalogue> {
  const embedding = openEmbedding(modelDir);
  try {
    const clock = (): number => performance.now();
    const options = { roots, cacheDirectory: dataDir, clock, ...(embedding && { embedding }) };
    const indexer = createIndexer(options);
    const result = await indexer.reindex();
    return { snapshot: indexer.current(), result };
  } finally {
    embedding?.close();
  }
}
