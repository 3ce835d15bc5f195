/** Whether the server is well, and what it holds. */
import type { Cache } from '../../cache/cache.ts';
import type { Patterns } from '../../patterns/ports.ts';
import type { Health } from '../../protocol/entities.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Handler } from '../handler.ts';
import { round } from '../hit.ts';
import type { Catalogue, ProcessState } from '../ports.ts';

export interface HealthSources {
  readonly catalogue: Catalogue;
  readonly cache: Pick<Cache<never>, 'stats'>;
  readonly state: ProcessState;
  readonly version: string;
  readonly storage?: Storage | undefined;
  readonly patterns?: Patterns | undefined;
}

export function getHealth(sources: HealthSources): Handler<'getHealth'> {
  const { catalogue, cache, state, version, storage, patterns } = sources;
  return () => {
    const { revision, counts, problems } = catalogue.current();
    return {
      status: statusOf(sources),
      version,
      uptime_ms: Math.round(state.uptimeMs()),
      memory_mb: round(state.memoryMb()),
      cache: cache.stats(),
      database: { connected: storage !== undefined, size_mb: round(storage?.stats().size_mb ?? 0) },
      indexes: { ...counts, patterns: patterns?.stats().total ?? 0 },
      revision,
      problems: problems.length,
      warnings: [...state.warnings(), ...(storage?.warnings() ?? [])],
    };
  };
}

/** A server without storage configured is well; one whose storage cannot be trusted is degraded. */
function statusOf({ state, storage }: HealthSources): Health['status'] {
  const phase = state.phase();
  if (phase !== 'serving') return phase;
  return storage?.sound() === false ? 'degraded' : 'healthy';
}
