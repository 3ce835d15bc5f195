/** What the engine is given and what it answers; data only. */
import type { Explanation } from './explanation.ts';

/** One definition as the engine sees it. Nothing of it but `id` and `name` is retained. */
export interface SearchDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  /** A function is called only where nothing that was derived from the body is kept. */
  readonly body: string | (() => Promise<string>);
  /** The plugin's name, where there is one. */
  readonly plugin?: string;
  /** 32 hex digits that change with anything the document says: what is derived from it is kept under them. */
  readonly contentHash: string;
  /** Lower wins among copies of one definition. */
  readonly precedence: number;
  /** As written in the definition: `opus`, `sonnet`, `haiku`, a full id, anything. */
  readonly model?: string;
}

/** A nudge from outside, such as what earlier outcomes taught: its own field, added to the score. */
export interface Adjustment {
  /** Added to the hit's score, −1..1. */
  readonly delta: number;
  readonly reason: string;
}

export interface SearchQuery {
  /** The task, in the asker's words. */
  readonly text?: string | undefined;
  /** A tag: exact, then fuzzy, then as text. With `text` the scores combine. */
  readonly capability?: string | undefined;
  /** Ids: only these are ranked, all of them are answered. */
  readonly among?: readonly string[];
  /** Hits wanted at most. */
  readonly limit: number;
  readonly adjust?: ReadonlyMap<string, Adjustment>;
}

export interface SearchHit {
  readonly id: string;
  /** Strength, 0..1; comparable within one answer. */
  readonly score: number;
  readonly explanation: Explanation;
  /** Ids of copies this hit stands for, by precedence. */
  readonly also: readonly string[];
}

/** Something near, for answers that found nothing. */
export interface NearHit {
  readonly id: string;
  readonly name: string;
  /** 0..1. */
  readonly score: number;
}

export interface SearchAnswer {
  /** Best first; empty where nothing fits. */
  readonly hits: readonly SearchHit[];
  /** Calibrated, 0..1: of answers given with confidence c, about c have the right one first. 0 without hits. */
  readonly confidence: number;
  /** Definitions that were looked at. */
  readonly searched: number;
  /** Only where there is no hit: the nearest things. */
  readonly nearest: readonly NearHit[];
}

/** Immutable; safe to query while another one is being built. */
export interface SearchIndex {
  readonly size: number;
  /** Whether vectors of meaning take part. */
  readonly semantic: boolean;
  search(query: SearchQuery): SearchAnswer;
  /**
   * How much each document is meant by `text`: a distribution over the index (softmax of the similarities,
   * copies included), in the order of the documents. For comparing texts by who would answer them.
   */
  distribution(text: string, temperature?: number): Float32Array;
  /** Ids in the order of `distribution`. */
  readonly ids: readonly string[];
}
