/** Which registry answers while the server is away: the one handed in, the one the server keeps, the built-in one. */
import { type Registry, registrySchema } from '../protocol/registry.ts';
import { type Place, REGISTRY_FILE } from './discovery.ts';
import { createFallback, type Fallback } from './fallback.ts';
import type { Platform } from './platform.ts';

/**
 * The fallback over the registry that holds now; indexed again only when the server wrote another one.
 * @param given a registry to use whatever lies on disk
 */
export function createFallbackSource(
  given: Registry | undefined,
  place: () => Place,
  platform: Platform,
): () => Fallback {
  let made: { readonly text: string | undefined; readonly fallback: Fallback } | undefined;
  return () => {
    const { stateFolder } = place();
    const text =
      given || stateFolder === undefined
        ? undefined
        : platform.files?.read(`${stateFolder}/${REGISTRY_FILE}`);
    if (!made || made.text !== text) {
      made = { text, fallback: createFallback(given ?? parse(text) ?? builtIn()) };
    }
    return made.fallback;
  };
}

function parse(text: string | undefined): Registry | undefined {
  try {
    return text === undefined ? undefined : registrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

declare const CALLSHEET_REGISTRY: Registry | undefined;

/** The starter catalogue's, written in by the bundler; an empty one when run from source. */
function builtIn(): Registry {
  if (typeof CALLSHEET_REGISTRY === 'object') return CALLSHEET_REGISTRY;
  return {
    format: 'callsheet-registry-1',
    revision: 'none',
    agents: [],
    skills: [],
    workflows: [],
    roles: {},
  };
}
