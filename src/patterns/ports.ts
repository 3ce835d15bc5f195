/**
 * What `patterns` asks of its surroundings and what it gives back. Types only.
 *
 *   catalogue (who exists) ─┐
 *   embedding (meaning) ────┼─► createPatterns ─► four handlers · adjust · stats
 *   storage (what happened) ┘
 */
import type { Nearest } from '../protocol/errors.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { CallContext } from '../protocol/service.ts';

/** The part of a catalogue's entry that matters here; `catalog/`'s `Entry` fits structurally. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly plugin?: string | undefined;
  readonly description: string;
  readonly contentHash: string;
  /** Workflows: what is done, in order. */
  readonly steps?: readonly string[] | undefined;
  /** Workflows: the agents it names, in order of first mention. */
  readonly agents?: readonly string[] | undefined;
  /** Workflows: the steps with the ids of the agents each names, and whether its work runs at the same time. */
  readonly plan?: readonly { readonly agents: readonly string[]; readonly parallel: boolean }[] | undefined;
}

/** The part of a search index that matters here; `search/`'s `SearchIndex` fits structurally. */
export interface DoersIndex {
  /** How much each document is meant by `text`; sums to 1, in the order of the documents. */
  distribution(text: string, temperature?: number): Float32Array;
}

/** The part of a snapshot that matters here. */
export interface PatternCatalogue {
  readonly revision: string;
  entries(kind: 'agent' | 'skill' | 'workflow'): readonly CatalogueEntry[];
  /** The search index over a kind: who would do a goal. */
  index(kind: 'agent' | 'skill'): DoersIndex | undefined;
  /** `name`, `plugin:name` or the folder's form → the entry with precedence, else what is near. */
  resolve(
    reference: string,
    kind: 'agent',
  ): { readonly entry?: CatalogueEntry | undefined; readonly nearest: readonly Nearest[] };
}

/** Texts to vectors; `search/semantic.ts` gives one. Absent: patterns work by words alone. */
export interface GoalEmbedding {
  embed(text: string): Float32Array;
}

/** What history says about one agent for one goal. */
export interface Adjustment {
  /** Added to the agent's score (which lies in 0..1); bounded, see docs/ranking.md. */
  readonly delta: number;
  /** For the caller's eyes, such as `history: +0.12 (7 of 8 similar tasks went well)`. */
  readonly reason: string;
}

/** An agent as text alone ranks it. */
export interface Candidate {
  readonly id: string;
  readonly score: number;
}

/** A handler's answer; the service adds `cache_hit` and `route_id`. */
export type Answer<M extends MethodName> = Omit<Result<M>, 'cache_hit' | 'route_id'>;
type Handler<M extends MethodName> = (params: Params<M>, context?: CallContext) => Promise<Answer<M>>;

export interface PatternStats {
  readonly total: number;
  /** Mean of the smoothed rates of patterns that have been tried; 0 without any. */
  readonly avg_success_rate: number;
}

export interface LearningStats {
  readonly decisions: number;
  readonly lift: number | null;
}

export interface Patterns {
  readonly storePattern: Handler<'storePattern'>;
  readonly queryPattern: Handler<'queryPattern'>;
  readonly getOrchestrationPattern: Handler<'getOrchestrationPattern'>;
  readonly cacheDecision: Handler<'cacheDecision'>;
  /**
   * Learning's field of its own in agent ranking. `candidates`: the best agents by text alone (about 30), best
   * first. Ids absent from the answer keep their score. Empty when learning is off or nothing is known.
   */
  adjust(goal: string, candidates: readonly Candidate[]): ReadonlyMap<string, Adjustment>;
  /** Changes with every write that can change an answer of these methods or of `adjust`: part of cache keys. */
  revision(): string;
  stats(): PatternStats;
  learning(): LearningStats;
  /** Reads stored patterns and decisions, mines the catalogue; call once before serving and after each re-index. */
  refresh(): Promise<void>;
}
