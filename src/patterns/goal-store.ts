/** Goals of stored plans and past decisions, read once: what is no longer asked for is left behind. */
import { DOERS_TEMPERATURE } from './doers.ts';
import { createGoalReader, type Goal, type GoalReader, type Topic } from './goal.ts';
import type { DoersIndex, GoalEmbedding, PatternCatalogue } from './ports.ts';

export interface GoalStore extends GoalReader {
  /** Reads without keeping: for queries. */
  readonly fresh: GoalReader;
  /** The same readings for the next generation; all are read anew when the agents have changed. */
  next(): GoalStore;
}

export interface GoalStoreOptions {
  readonly catalogue: () => PatternCatalogue;
  readonly embedding?: GoalEmbedding | undefined;
}

interface Generation {
  readonly agents: DoersIndex | undefined;
  readonly fresh: GoalReader;
  readonly goals: Map<string, Goal>;
  readonly topics: Map<string, Topic>;
}

export function createGoalStore(options: GoalStoreOptions, before?: Generation): GoalStore {
  const agents = options.catalogue().index('agent') ?? options.catalogue().index('skill');
  const old = before?.agents === agents ? before : undefined;
  const fresh =
    old?.fresh ??
    createGoalReader({
      embedding: options.embedding,
      distribution: (text) => agents?.distribution(text, DOERS_TEMPERATURE) ?? new Float32Array(0),
    });
  const generation: Generation = { agents, fresh, goals: new Map(), topics: new Map() };
  return {
    fresh,
    goal: (text) => kept(text, generation.goals, old?.goals, fresh.goal),
    topic: (text) => kept(text, generation.topics, old?.topics, fresh.topic),
    next: () => createGoalStore(options, generation),
  };
}

function kept<T>(
  text: string,
  now: Map<string, T>,
  before: ReadonlyMap<string, T> | undefined,
  read: (text: string) => T,
): T {
  const value = now.get(text) ?? before?.get(text) ?? read(text);
  now.set(text, value);
  return value;
}
