/**
 * What is remembered: the log of queries, patterns, decisions. A port; drivers implement it (`sqlite/`, later
 * `postgres/`), one contract suite holds them all to it (`test/contract/storage.contract.ts`).
 *
 *   query log   buffered, written in capped batches behind the request; a crash loses at most its last second
 *   patterns    durable before the call resolves
 *   decisions   durable before the call resolves; idempotent on the task's id
 *
 * Synchronous drivers answer with values, asynchronous ones with promises: callers await both. Every text handed
 * in has had its secrets removed already. Errors: a write that cannot be made durable rejects with
 * `CallsheetError` `unavailable`.
 */
import type { MethodName } from '../protocol/methods.ts';

export type MaybePromise<T> = T | Promise<T>;

/** One answered query of any kind. */
export interface QueryRecord {
  readonly route_id: string;
  readonly method: MethodName;
  /** As validated, secrets removed. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Ids of what was answered, best first. */
  readonly returned: readonly string[];
  readonly cache_hit: boolean;
  readonly duration_ms: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A plan as it is kept; counts and averages are those of the decisions that name it, averages of those among them
 * that state the member. Times in milliseconds since the epoch.
 */
export interface StoredPattern {
  readonly id: string;
  readonly goal: string;
  readonly agent_sequence: readonly string[];
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly parallel_groups: readonly (readonly string[])[];
  readonly success_count: number;
  readonly failure_count: number;
  readonly partial_count: number;
  readonly avg_duration_ms: number;
  readonly avg_tokens_saved: number;
  readonly created_at: number;
  readonly updated_at: number;
  /** Set when it was retired for failing too often: kept for history, no longer recommended. */
  readonly pruned_at?: number | undefined;
}

export interface NewPattern {
  readonly id: string;
  readonly goal: string;
  readonly agent_sequence: readonly string[];
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly parallel_groups: readonly (readonly string[])[];
  readonly created_at: number;
  /** The task in whose words the goal is, where it is one's: when that is forgotten, the words go too. */
  readonly learned_from?: string | undefined;
}

export interface StoredDecision {
  readonly id: string;
  readonly task_id: string;
  readonly task_description: string;
  readonly agents_used: readonly string[];
  readonly result: 'success' | 'failure' | 'partial';
  readonly duration_ms?: number | undefined;
  readonly tokens_saved?: number | undefined;
  readonly route_id?: string | undefined;
  readonly pattern_id?: string | undefined;
  /** Who said so, and how sure, 0..1. */
  readonly source?: string | undefined;
  readonly certainty?: number | undefined;
  readonly at: number;
}

export interface RecordedDecision {
  readonly decision_id: string;
  readonly pattern_id: string | undefined;
  /** `same`: the task had this very decision already, nothing changed. */
  readonly change: 'new' | 'corrected' | 'same';
}

export interface StorageStats {
  /** Of the database and its journal. */
  readonly size_mb: number;
  readonly queries: number;
  readonly patterns: number;
  readonly decisions: number;
}

/** Sizes in MiB of the database with its journal. */
export interface StorageLimits {
  /** Over it the oldest of the query log is pruned, with a warning. */
  readonly softMb: number;
  /** Over it everything is pruned, oldest first: query log, then decisions, then patterns. */
  readonly hardMb: number;
}

/** Where a driver tells of what its owner should know; messages hold no text that was handed in. */
export interface StorageLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/**
 * What `forget` removes; members given together must all hold, none given removes nothing. With a decision goes the
 * query that led to it; a pattern in the words of a forgotten task goes too, or takes the words of another of its tasks.
 */
export interface ForgetWhat {
  readonly task_id?: string | undefined;
  readonly pattern_id?: string | undefined;
  /** Older than this, milliseconds since the epoch. */
  readonly before?: number | undefined;
}

export interface Forgotten {
  readonly queries: number;
  readonly patterns: number;
  readonly decisions: number;
}

export interface Storage {
  /** Returns at once. */
  logQuery(record: QueryRecord): void;
  /** The logged query of a route, also while it is still in the buffer; undefined when unknown or pruned. */
  route(routeId: string): MaybePromise<QueryRecord | undefined>;
  /** Writes what is buffered. */
  flush(): MaybePromise<void>;

  /** Idempotent on the pattern's id. */
  addPattern(pattern: NewPattern): MaybePromise<StoredPattern>;
  pattern(id: string): MaybePromise<StoredPattern | undefined>;
  /** Also those that were pruned. */
  patterns(): MaybePromise<readonly StoredPattern[]>;
  /** Retires patterns or takes them back. */
  setPruned(ids: readonly string[], at: number | undefined): MaybePromise<void>;

  /**
   * One transaction: stores the decision (or corrects the one its task had), adds `pattern` where one is given,
   * and counts it for `decision.pattern_id`; a correction undoes what the old result counted. A decision that names
   * a pattern unknown here is stored without one. `same` needs every member equal but `at`.
   */
  recordDecision(decision: Omit<StoredDecision, 'id'>, pattern?: NewPattern): MaybePromise<RecordedDecision>;
  decision(taskId: string): MaybePromise<StoredDecision | undefined>;
  /** The newest `limit`, oldest first. */
  decisions(limit: number): MaybePromise<readonly StoredDecision[]>;

  /** Removes for good, also from the buffer and from backups; counts of patterns follow. */
  forget(what: ForgetWhat): MaybePromise<Forgotten>;
  stats(): StorageStats;
  /** Sentences about what its owner should know: restored from a backup, rebuilt, over its soft limit. */
  warnings(): readonly string[];
  /** Whether what is remembered is whole and can be added to; `false` makes the server `degraded`. */
  sound(): boolean;
  /** Prunes by the size limits, the query log first; called every minute. */
  prune(): MaybePromise<void>;
  /** Writes a backup when the newest is a day old; answers its path, or undefined when none was due. */
  backupIfDue(): MaybePromise<string | undefined>;
  /** Writes a verified copy and answers its path; keeps the newest seven. */
  backup(): MaybePromise<string>;
  /** Flushes, then lets go of the database. */
  close(): MaybePromise<void>;
}

/** What is done to a store from outside of a server, by its owner. Rejects with a sentence for them when it cannot. */
export interface Maintenance {
  /** Also while a server has the store. */
  backup(): Promise<{ readonly file: string }>;
  /** Newest first. */
  backups(): readonly { readonly file: string; readonly at: number }[];
  /** Puts a backup, the newest good one when none is named, in the store's place; keeps what it replaces. */
  restore(file: string | undefined): Promise<{ readonly restored: string; readonly replaced?: string }>;
  /** With `rehearse` nothing is removed, the answer is the same. */
  forget(what: ForgetWhat, rehearse: boolean): Promise<Forgotten>;
  /** Files that were set aside when they were damaged or replaced: `forget` does not reach them. */
  setAside(): readonly string[];
}
