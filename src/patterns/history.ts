/**
 * What past decisions say about an agent for a goal: a field of its own in agent ranking.
 *
 *   is there a past goal the same plan would serve? → trust: none, and nothing moves
 *   text score of the agent                         → expected success, as good as `strength` outcomes
 *   outcomes of similar goals (record.ts)           → evidence
 *   expectation + evidence (a Beta posterior's mean) → value; the untried get a little more, by a seeded draw
 *   text score → value on the same scale, as far as history is trusted; the difference is the delta
 */

import type { Experience, PastTopic } from './experience.ts';
import type { Goal } from './goal.ts';
import { kernelAround } from './kernel.ts';
import type { Adjustment, Candidate } from './ports.ts';
import { normal, uniform } from './random.ts';
import type { Tally } from './rate.ts';
import { type AgentRecord, recordOf, type Weighted } from './record.ts';

const tuning = {
  /** Similarity of a past goal up to which a query is unlike anything seen, and from which one plan serves both. */
  unlike: 0.6,
  alike: 0.8,
  /** Effective outcomes at which history is trusted by half. */
  trust: 0.3,
  /**
   * Expected success of the best agent by text, and of one whose text does not fit at all. Both are more than such
   * agents achieve: who is untried is tried before one that failed, and not before one that works.
   */
  best: 0.8,
  worst: 0.35,
  /** Below 1 lifts those in the middle: the right agent is often one that text puts at a fifth of the best. */
  curve: 0.7,
  /** What is expected weighs as this many outcomes. */
  strength: 1.2,
  /** Effective outcomes around the goal at which expectations from text are halved: the more is known, the less is hoped. */
  hope: 40,
  /** Standard deviations of the posterior added for each of the (half-normal) draw. */
  explore: 0.1,
};

/** How many of the nearest past goals are compared in full. */
const COMPARED = 3;

/** Smaller deltas, as a share of the best text score, are left out. */
const LEAST_DELTA = 0.005;

export interface AdjustInput {
  readonly goal: Goal;
  readonly candidates: readonly Candidate[];
  readonly experience: Experience;
  /** Probability that one plan serves the goal and a past one. */
  readonly alike: (past: PastTopic) => number;
  readonly now: number;
  readonly seed: string;
}

/**
 * Ids absent from the answer keep their score. Agents that text does not find take part too, if they were tried for
 * similar goals.
 */
export function adjustments(input: AdjustInput): Map<string, Adjustment> {
  const top = Math.max(0, ...input.candidates.map(({ score }) => score));
  const nearby = neighbourhood(input);
  const nearness = Math.max(0, ...nearby.nearest.map(input.alike));
  if (top <= 0 || nearness <= tuning.unlike) return new Map();
  const judged = [...input.candidates, ...overlooked(input, nearby)].map(({ id, score }) => ({
    id,
    score,
    record: recordOf(nearby.byAgent.get(id) ?? [], nearby.sources > 1, input.now),
  }));
  const known = judged.reduce((sum, { record }) => sum + record.weight, 0);
  const trusted = (likeness(nearness) * known) / (known + tuning.trust);
  const next = uniform(`${input.seed}\n${input.experience.size}\n${input.goal.text}`);
  const values = judged.map(({ score, record }) =>
    worthOf(expectation(score / top, known), record, Math.max(0, normal(next))),
  );
  const highest = Math.max(...values);
  const moved = judged.map(({ id, score, record }, at): Entry => {
    const delta = trusted * ((top * (values[at] ?? 0)) / highest - score);
    return [id, { delta, reason: reasonOf(delta, record) }];
  });
  return new Map(moved.filter(([, { delta }]) => Math.abs(delta) >= LEAST_DELTA * top));
}

type Entry = [id: string, adjustment: Adjustment];

/** Agents beyond the candidates that have a record here: as candidates whose text does not fit at all. */
function overlooked({ candidates }: AdjustInput, { byAgent }: Nearby): Candidate[] {
  const found = new Set(candidates.map(({ id }) => id));
  return [...byAgent.keys()].filter((id) => !found.has(id)).map((id) => ({ id, score: 0 }));
}

interface Nearby {
  readonly byAgent: ReadonlyMap<string, readonly Weighted[]>;
  /** How many sources report on similar goals. */
  readonly sources: number;
  /** The past goals nearest to this one. */
  readonly nearest: readonly PastTopic[];
}

function neighbourhood({ goal, experience }: AdjustInput): Nearby {
  const byAgent = new Map<string, Weighted[]>();
  const sources = new Set<string>();
  const found: { past: PastTopic; near: number }[] = [];
  const kernel = kernelAround(goal, experience);
  for (const past of experience.topics.values()) {
    const near = kernel(past);
    if (near === 0) continue;
    found.push({ past, near });
    for (const trial of past.trials) {
      const list = byAgent.get(trial.agent) ?? [];
      list.push({ trial, kernel: near });
      sources.add(trial.source);
      byAgent.set(trial.agent, list);
    }
  }
  const nearest = found.sort((a, b) => b.near - a.near).slice(0, COMPARED);
  return { byAgent, sources: sources.size, nearest: nearest.map(({ past }) => past) };
}

/** How far a query is like what was seen, 0..1. */
function likeness(similarity: number): number {
  return Math.min(1, (similarity - tuning.unlike) / (tuning.alike - tuning.unlike));
}

/** @param fit score by text as a share of the best one's */
function expectation(fit: number, known: number): number {
  const byText = tuning.worst + (tuning.best - tuning.worst) * Math.max(0, fit) ** tuning.curve;
  return (byText * tuning.hope) / (tuning.hope + known);
}

/** Posterior mean, and a draw's worth of its deviation: little known, much to find out. */
function worthOf(expected: number, { weight, gain }: Tally, draw: number): number {
  const strength = tuning.strength + weight;
  const mean = (expected * tuning.strength + gain) / strength;
  const deviation = Math.sqrt((mean * (1 - mean)) / (strength + 1));
  return mean + tuning.explore * draw * deviation;
}

function reasonOf(delta: number, { tasks, wentWell }: AgentRecord): string {
  const amount = `${delta < 0 ? '−' : '+'}${Math.abs(delta).toFixed(2)}`;
  if (tasks === 0) return `history: ${amount} (untried for similar tasks)`;
  return `history: ${amount} (${wentWell} of ${tasks} similar ${tasks === 1 ? 'task' : 'tasks'} went well)`;
}
