/**
 * Plans that worked: found by goal, stored, learned from outcomes, mined from workflows.
 *
 *   goal → matcher (same plan would serve?) → library (learned, then mined) → best by similarity × smoothed rate
 *   outcome → learning (which pattern, which agents) → storage, and a field of its own in agent ranking
 */
import type { Params } from '../protocol/methods.ts';
import { type DecisionOptions, patternId, recordDecision } from './decisions.ts';
import type { PastTopic } from './experience.ts';
import { adjustments } from './history.ts';
import { type Library, patternOf } from './library.ts';
import { emptyMemory, loadMemory, type Memory } from './memory.ts';
import { planOf } from './plan.ts';
import type { Answer, PatternStats, Patterns } from './ports.ts';
import { bestPattern, similarPatterns } from './queries.ts';
import { demandKnown, teamOf } from './team.ts';

export interface PatternsOptions extends Omit<DecisionOptions, 'redact'> {
  /** Takes secrets out of a text before it is kept. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Makes exploration repeatable. */
  readonly seed: string;
}

export function createPatterns(given: PatternsOptions): Patterns {
  const options = { ...given, redact: given.redact ?? ((text: string) => text) };
  let memory = emptyMemory(options);
  let writes = 0;
  const born = options.clock().toString(36);
  const inTurn = queue();
  const write = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      const result = await work();
      writes++;
      return result;
    });
  return {
    storePattern: (params) => write(() => storePattern(params, memory, options)),
    queryPattern: async (params) => similarPatterns(params, memory),
    getOrchestrationPattern: async (params) => bestPattern(params, memory),
    cacheDecision: (params) => write(() => recordDecision(params, memory, options)),
    adjust: (goal, candidates) => {
      const { experience, goals, matcher } = memory;
      if (!options.learning || experience.size === 0) return new Map();
      const asked = goals.fresh.goal(goal);
      const alike = ({ text, topic }: PastTopic): number =>
        matcher.similarity(asked, goals.fresh.goal(text, topic));
      return adjustments({
        goal: asked,
        candidates,
        experience,
        alike,
        now: options.clock(),
        seed: options.seed,
      });
    },
    revision: () => `${born}.${writes}`,
    stats: () => statsOf(memory.library),
    learning: () => ({ decisions: options.storage.stats().decisions, lift: memory.lift.value() }),
    refresh: () =>
      write(async () => {
        memory = await loadMemory(options, memory);
      }),
  };
}

async function storePattern(
  params: Params<'storePattern'>,
  memory: Memory,
  { storage, catalogue, clock, redact }: DecisionOptions,
): Promise<Answer<'storePattern'>> {
  const plan = planOf(params);
  demandKnown(teamOf(plan.agent_sequence, catalogue()), 'agent_sequence');
  const goal = redact(params.goal);
  const stored = await storage.addPattern({ id: patternId(goal, plan), goal, ...plan, created_at: clock() });
  memory.library.put(stored);
  return { pattern: patternOf(stored) };
}

function statsOf(library: Library): PatternStats {
  const tried = library.active.filter(
    ({ stored }) => stored.success_count + stored.failure_count + stored.partial_count > 0,
  );
  const sum = tried.reduce((total, known) => total + library.rateOf(known), 0);
  return { total: library.active.length, avg_success_rate: tried.length > 0 ? sum / tried.length : 0 };
}

/** Runs one work at a time, in the order they came; a failure does not stop the next. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
