/**
 * Every known plan: stored ones, and those mined from workflows. In memory, ready to be matched.
 *
 *   goal → rough order → full comparison of the most promising → similarity × smoothed rate
 */
import type { Pattern, PatternMatch } from '../protocol/entities.ts';
import type { StoredPattern } from '../storage/storage.ts';
import type { Evidence } from './evidence.ts';
import type { Goal } from './goal.ts';
import type { MinedPattern } from './mining.ts';
import { priors, smoothed } from './rate.ts';
import { type Matcher, roughly } from './similarity.ts';
import { runnableShare, type Team } from './team.ts';

/** Goals that get the full comparison; more of them changes no answer on the labelled sets. */
const COMPARED = 50;

export interface KnownPattern {
  readonly stored: StoredPattern;
  readonly source: 'learned' | 'workflow';
  readonly goal: Goal;
  /** Its agents, as the catalogue knows them. */
  readonly team: Team;
}

export interface Match {
  readonly known: KnownPattern;
  readonly similarity: number;
  /** Smoothed, recency-weighted. */
  readonly rate: number;
  /** What it is ranked by. */
  readonly score: number;
}

export interface LibraryOptions {
  readonly clock: () => number;
  /** Names of agents against the catalogue. */
  readonly teamOf: (names: readonly string[]) => Team;
  /** `false`: ranked by similarity alone. */
  readonly learning: boolean;
}

export interface Library {
  /** Not pruned, workflows included that no stored pattern stands for. */
  readonly active: readonly KnownPattern[];
  get(id: string): KnownPattern | undefined;
  /** Adds one, or takes over its new counts. */
  put(stored: StoredPattern): void;
  readonly evidence: Evidence;
  rateOf(known: KnownPattern): number;
  /** Best first; similarity is at least `least`. */
  match(goal: Goal, least: number): Match[];
  /** The most similar of those that pass, retired ones too; undefined where none is at least `least` similar. */
  bestWhere(goal: Goal, least: number, passes: (known: KnownPattern) => boolean): KnownPattern | undefined;
  /** Whatever comes nearest, by similarity. */
  nearest(goal: Goal, count: number): Match[];
}

export interface LibraryContent {
  readonly stored: readonly StoredPattern[];
  readonly mined: readonly MinedPattern[];
  readonly evidence: Evidence;
  /** Reads a pattern's goal. */
  readonly read: (text: string) => Goal;
  readonly matcher: Matcher;
  /** When mined plans were mined. */
  readonly at: number;
}

export function createLibrary(content: LibraryContent, options: LibraryOptions): Library {
  const { evidence, read } = content;
  const { teamOf } = options;
  const { similarity } = content.matcher;
  const byId = new Map<string, KnownPattern>();
  for (const mined of content.mined) {
    const stored = fromWorkflow(mined, content.at);
    const team = teamOf(stored.agent_sequence);
    byId.set(mined.id, { stored, source: 'workflow', goal: read(mined.goal), team });
  }
  let active: KnownPattern[] | undefined;
  const put = (stored: StoredPattern): void => {
    const goal = byId.get(stored.id)?.goal ?? read(stored.goal);
    // A workflow's plan that was tried is stored under the workflow's id, and is learned from then on.
    byId.set(stored.id, { stored, source: 'learned', goal, team: teamOf(stored.agent_sequence) });
    active = undefined;
  };
  for (const stored of content.stored) put(stored);

  const listed = (): KnownPattern[] => {
    active ??= [...byId.values()].filter(({ stored }) => stored.pruned_at === undefined);
    return active;
  };
  const rateOf = ({ stored, source }: KnownPattern): number =>
    smoothed(evidence.of(stored.id, options.clock()), priors[source]);
  const matchOf = (known: KnownPattern, goal: Goal, least: number): Match => {
    const alike = similarity(goal, known.goal, least);
    const rate = rateOf(known);
    const worth = options.learning ? rate : 1;
    const score = alike * worth * runnableShare(known.team);
    return { known, similarity: alike, rate, score };
  };
  const compared = (goal: Goal, least: number): Match[] =>
    promising(listed(), goal).map((known) => matchOf(known, goal, least));
  return {
    evidence,
    rateOf,
    put,
    get: (id) => byId.get(id),
    get active() {
      return listed();
    },
    match: (goal, least) =>
      compared(goal, least)
        .filter((match) => match.similarity >= least)
        .sort((a, b) => b.score - a.score || b.similarity - a.similarity || byName(a, b)),
    bestWhere: (goal, least, passes) =>
      [...byId.values()]
        .filter(passes)
        .map((known) => ({ known, alike: similarity(goal, known.goal, least) }))
        .filter(({ alike }) => alike >= least)
        .sort((a, b) => b.alike - a.alike)[0]?.known,
    nearest: (goal, count) =>
      compared(goal, 0)
        .sort((a, b) => b.similarity - a.similarity || byName(a, b))
        .slice(0, count),
  };
}

const byName = (a: Match, b: Match): number => (a.known.stored.id < b.known.stored.id ? -1 : 1);

function promising(all: readonly KnownPattern[], goal: Goal): readonly KnownPattern[] {
  if (all.length <= COMPARED) return all;
  return all
    .map((known) => ({ known, rough: roughly(goal, known.goal) }))
    .sort((a, b) => b.rough - a.rough)
    .slice(0, COMPARED)
    .map(({ known }) => known);
}

function fromWorkflow(mined: MinedPattern, at: number): StoredPattern {
  const counts = { success_count: 0, failure_count: 0, partial_count: 0 };
  return { ...mined, ...counts, avg_duration_ms: 0, avg_tokens_saved: 0, created_at: at, updated_at: at };
}

/** As it crosses the wire. */
export function patternOf({
  partial_count,
  pruned_at,
  created_at,
  updated_at,
  ...stored
}: StoredPattern): Pattern {
  return {
    ...stored,
    agent_sequence: [...stored.agent_sequence],
    dependencies: Object.fromEntries(
      Object.entries(stored.dependencies).map(([at, waits]) => [at, [...waits]]),
    ),
    parallel_groups: stored.parallel_groups.map((group) => [...group]),
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
  };
}

export function wireMatch({ known, similarity: alike, rate }: Match): PatternMatch {
  const { stored, source } = known;
  return {
    pattern: patternOf(stored),
    success_rate: rate,
    similarity: alike,
    task_count: stored.success_count + stored.failure_count + stored.partial_count,
    source,
  };
}
