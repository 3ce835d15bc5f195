import { resolve } from 'node:path';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { createIndexer } from '../../src/catalog/indexer.ts';
import { openEmbedding } from '../../src/search/model-file.ts';
import { createService } from '../../src/service/service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { describeService, roster } from './service.contract.ts';

describeService('in process', async () => { throw new Error('x'); });
void [resolve, createMemoryCache, createIndexer, openEmbedding, createService, silentLogger, roster];
