/**
 * What patterns hold in memory: the library of plans, past experience, the lift; filled from storage and catalogue.
 *
 * `loadMemory` builds the whole anew beside the old one, in slices, so that requests are answered meanwhile.
 */
import type { Storage, StoredDecision, StoredPattern } from '../storage/storage.ts';
import { createEvidence } from './evidence.ts';
import { createExperience, type Experience } from './experience.ts';
import { createGoalStore, type GoalStore } from './goal-store.ts';
import { createLibrary, type Library } from './library.ts';
import { createLift, type Lift } from './lift.ts';
import { type MinedPattern, minePattern } from './mining.ts';
import type { GoalEmbedding, PatternCatalogue } from './ports.ts';
import { followed, recommendedPattern } from './routes.ts';
import { createMatcher, type Matcher } from './similarity.ts';
import { teamOf } from './team.ts';

/** Decisions read back; older ones live on in the counts of their patterns. */
const REMEMBERED = 5000;
/** Of them, the newest whose question is looked up, for the lift. */
const TRACED = 500;
/** Work between two breaths, in milliseconds. */
const SLICE_MS = 10;

export interface MemoryOptions {
  /** The current snapshot; asked again at each use, so that a re-index is seen. */
  readonly catalogue: () => PatternCatalogue;
  readonly storage: Storage;
  readonly embedding?: GoalEmbedding | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** `false`: outcomes are stored, but rank nothing (`CALLSHEET_LEARNING=off`). */
  readonly learning: boolean;
}

export interface Memory {
  readonly goals: GoalStore;
  readonly library: Library;
  readonly experience: Experience;
  readonly matcher: Matcher;
  readonly lift: Lift;
}

interface Content {
  readonly stored: readonly StoredPattern[];
  readonly decisions: readonly StoredDecision[];
  readonly mined: readonly MinedPattern[];
}

/** Knows nothing yet. */
export function emptyMemory(options: MemoryOptions): Memory {
  return assemble(options, createGoalStore(options), { stored: [], decisions: [], mined: [] });
}

export async function loadMemory(options: MemoryOptions, before: Memory): Promise<Memory> {
  const stored = await options.storage.patterns();
  const decisions = await options.storage.decisions(REMEMBERED);
  const mined = options
    .catalogue()
    .entries('workflow')
    .map(minePattern)
    .filter((pattern) => pattern !== undefined);
  const goals = before.goals.next();
  const breathe = breather();
  for (const { goal } of [...stored, ...mined]) {
    goals.goal(goal);
    await breathe();
  }
  const memory = assemble(options, goals, { stored, decisions, mined });
  for (const [at, decision] of decisions.entries()) {
    learnFrom(memory, decision, options.catalogue());
    if (at >= decisions.length - TRACED) await trace(memory, decision, options);
    await breathe();
  }
  return memory;
}

/** Adds a decision to experience, in place of what its task had taught before. */
export function learnFrom(memory: Memory, decision: StoredDecision, catalogue: PatternCatalogue): void {
  memory.experience.learn(decision, teamOf(decision.agents_used, catalogue).ids);
}

/** Notes whether the decision followed what was recommended. */
export async function trace(
  { library, lift }: Memory,
  decision: StoredDecision,
  { storage, catalogue }: MemoryOptions,
): Promise<void> {
  const route = decision.route_id === undefined ? undefined : await storage.route(decision.route_id);
  const plan = library.get(recommendedPattern(route) ?? '');
  const team = teamOf(decision.agents_used, catalogue());
  lift.note(decision.task_id, followed(route, plan?.team, team), decision.result);
}

function assemble(options: MemoryOptions, goals: GoalStore, { stored, decisions, mined }: Content): Memory {
  const { catalogue, clock, learning } = options;
  const now = clock();
  const evidence = createEvidence(stored, decisions, now);
  const matcher = createMatcher(options.embedding);
  const content = { stored, mined, evidence, matcher, read: goals.goal, at: now };
  return {
    goals,
    library: createLibrary(content, {
      clock,
      learning,
      teamOf: (names) => teamOf(names, catalogue()),
    }),
    experience: createExperience(goals.topic),
    matcher,
    lift: createLift(),
  };
}

/** Lets others run after each slice of work. */
function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
