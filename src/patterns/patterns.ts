/**
 * Plans that worked: found by goal, stored, learned from outcomes, mined from workflows.
 *
 *   goal → matcher (same plan would serve?) → library (learned, then mined) → best by similarity × smoothed rate
 *   outcome → learning (which pattern, which agents) → storage, and a field of its own in agent ranking
 */
import { CallsheetError } from '../protocol/errors.ts';
import type { GoalEmbedding, PatternCatalogue, Patterns } from './ports.ts';

export interface PatternsOptions {
  /** The current snapshot; asked again at each use, so that a re-index is seen. */
  readonly catalogue: () => PatternCatalogue;
  readonly embedding?: GoalEmbedding | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Makes exploration repeatable. */
  readonly seed: string;
  /** `false`: outcomes are stored, but rank nothing (`CALLSHEET_LEARNING=off`). */
  readonly learning: boolean;
}

export function createPatterns(_options: PatternsOptions): Patterns {
  const absent = (): never => {
    throw new CallsheetError('unavailable', 'Patterns are not ready');
  };
  return {
    storePattern: async () => absent(),
    queryPattern: async () => absent(),
    getOrchestrationPattern: async () => absent(),
    cacheDecision: async () => absent(),
    adjust: () => new Map(),
    revision: () => '0',
    stats: () => ({ total: 0, avg_success_rate: 0 }),
    learning: () => ({ decisions: 0, lift: null }),
    refresh: async () => {},
  };
}
