/** The registry of the starter catalogue: `scripts/build.mjs` writes it into the client, for when there is no other. */
import { createIndexer } from './catalog/indexer.ts';
import type { Registry } from './protocol/registry.ts';
import { registryOf } from './service/registry.ts';

/** @param packageRoot holds `plugins/` and `agent-registry.yml` */
export async function starterRegistry(packageRoot: string): Promise<Registry> {
  const roots = [{ path: packageRoot, scope: 'builtin' as const }];
  const catalogue = createIndexer({ roots, clock: () => performance.now() });
  await catalogue.reindex();
  return registryOf(catalogue.current());
}
