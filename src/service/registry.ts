/**
 * The registry a client embeds, from a snapshot: what fits into its bytes, most useful things first.
 *
 * Where a catalogue is too large, descriptions get shorter step by step, then tags and the agents of workflows go,
 * and at last the entries with the least precedence.
 */
import type { Entry, Snapshot } from '../catalog/snapshot.ts';
import { cut } from '../catalog/text.ts';
import { REGISTRY_BYTES, type Registry, type RegistryEntry } from '../protocol/registry.ts';

interface Detail {
  readonly description: number;
  readonly tags: number;
  /** Share of the entries that are kept. */
  readonly share: number;
}

const details: readonly Detail[] = [
  { description: 160, tags: 8, share: 1 },
  { description: 100, tags: 4, share: 1 },
  { description: 60, tags: 2, share: 1 },
  { description: 40, tags: 0, share: 1 },
  ...[0.8, 0.6, 0.4, 0.2, 0.1, 0.05, 0.01].map((share) => ({ description: 40, tags: 0, share })),
];

/** @param limit bytes of its JSON at most */
export function registryOf(snapshot: Snapshot, limit: number = REGISTRY_BYTES): Registry {
  for (const detail of details) {
    const registry = registryAt(snapshot, detail);
    if (Buffer.byteLength(JSON.stringify(registry)) <= limit) return registry;
  }
  return { ...registryAt(snapshot, { description: 40, tags: 0, share: 0 }), roles: {} };
}

function registryAt(snapshot: Snapshot, detail: Detail): Registry {
  const kept = (kind: Entry['kind']): RegistryEntry[] => {
    const entries = snapshot.entries(kind);
    return entries.slice(0, Math.ceil(entries.length * detail.share)).map((entry) => shorten(entry, detail));
  };
  return {
    format: 'callsheet-registry-1',
    revision: snapshot.revision,
    agents: kept('agent'),
    skills: kept('skill'),
    workflows: kept('workflow'),
    roles: Object.fromEntries(snapshot.roles.all.map(({ name, agents }) => [name, [...agents]])),
  };
}

function shorten(entry: Entry, { description, tags }: Detail): RegistryEntry {
  const { id, name, plugin, model, category, agents } = entry;
  return {
    id,
    name,
    description: cut(entry.description, description),
    ...(plugin !== undefined && { plugin }),
    ...(model !== undefined && { model }),
    ...(tags > 0 && entry.capabilities.length > 0 && { capabilities: entry.capabilities.slice(0, tags) }),
    ...(category !== undefined && { category }),
    ...(tags > 0 && entry.arguments !== undefined && { arguments: cut(entry.arguments, description) }),
    ...(tags > 0 && agents && agents.length > 0 && { agents: agents.slice(0, tags) }),
  };
}
