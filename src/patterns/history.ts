/**
 * What past decisions say about an agent for a goal: a field of its own in agent ranking.
 *
 *   text score of the agent       → prior: how likely it is to do well            (strength: `PRIOR_STRENGTH` outcomes)
 *   outcomes of similar goals     → evidence, weighted by kernel, age, certainty, capped by source and by goal
 *   prior + evidence (Beta mean)  → value; the untried get a little more, by a seeded draw
 *   value − prior                 → delta, scaled so that the order follows the value once there is evidence
 */

import { type Experience, kernel, type PastTopic, type Trial } from './experience.ts';
import type { Topic } from './goal.ts';
import type { Adjustment, Candidate } from './ports.ts';
import { normal, uniform } from './random.ts';
import { decay } from './rate.ts';

export const tuning = {
  /** Chance of success of the best agent by text, and of one whose text does not fit at all. */
  best: 0.6,
  worst: 0.1,
  priorStrength: 1.5,
  /** Later similar outcomes of the same agent after which one counts half: what has changed is noticed. */
  freshness: 15,
  /** Reports on one goal's text by one source count as at most this many, with each agent. */
  perGoal: 4,
  /** Reports by one source count as at most this many, or as many as all others have given. */
  perSource: 8,
  /** Evidence around the goal at which history is trusted by half. */
  trust: 2,
  /** Standard deviations of the posterior that exploration may add. */
  explore: 0.2,
  /** Largest delta as a share of the best text score. */
  bound: 1,
};

export interface AdjustInput {
  readonly topic: Topic;
  /** The goal's text, for the draw. */
  readonly text: string;
  readonly candidates: readonly Candidate[];
  readonly experience: Experience;
  readonly now: number;
  readonly seed: string;
}

/** Ids absent from the answer keep their score. */
export function adjustments(input: AdjustInput): Map<string, Adjustment> {
  const top = Math.max(0, ...input.candidates.map(({ score }) => score));
  const nearby = neighbourhood(input);
  if (top <= 0 || nearby.mass === 0) return new Map();
  const trusted = nearby.mass / (nearby.mass + tuning.trust);
  const next = uniform(`${input.seed}\n${input.experience.size}\n${input.text}`);
  const found = input.candidates.map(({ id, score }): [string, Adjustment] | undefined => {
    const prior = tuning.worst + (tuning.best - tuning.worst) * Math.max(0, score / top);
    const record = recordOf(nearby.byAgent.get(id) ?? [], input.now);
    const draw = Math.max(-1, Math.min(2, normal(next)));
    const gain = worthOf(prior, record, draw) - prior;
    const scaled = (trusted * top * gain) / (tuning.best - tuning.worst);
    const delta = Math.max(-tuning.bound * top, Math.min(tuning.bound * top, scaled));
    return Math.abs(delta) < 0.005 * top ? undefined : [id, { delta, reason: reasonOf(delta, record) }];
  });
  return new Map(found.filter((entry) => entry !== undefined));
}

interface Nearby {
  readonly byAgent: ReadonlyMap<string, readonly Weighted[]>;
  /** Sum of the kernel over all trials. */
  readonly mass: number;
}

interface Weighted {
  readonly trial: Trial;
  readonly kernel: number;
}

function neighbourhood({ topic, experience }: AdjustInput): Nearby {
  const byAgent = new Map<string, Weighted[]>();
  let mass = 0;
  for (const past of experience.topics.values()) {
    const near = kernel(topic, past.topic);
    if (near === 0) continue;
    mass += near * weightOf(past);
    for (const trial of past.trials) {
      const list = byAgent.get(trial.agent) ?? [];
      list.push({ trial, kernel: near });
      byAgent.set(trial.agent, list);
    }
  }
  return { byAgent, mass };
}

const weightOf = (past: PastTopic): number => past.trials.reduce((sum, trial) => sum + trial.weight, 0);

interface AgentRecord {
  /** Effective number of outcomes, after caps. */
  readonly weight: number;
  /** Of them, those that went well. */
  readonly gain: number;
  /** Similar tasks as they were reported, for the reason. */
  readonly tasks: number;
  readonly wentWell: number;
}

/** Sums an agent's trials, newest first, so that later ones age earlier ones; then caps what one source can say. */
function recordOf(trials: readonly Weighted[], now: number): AgentRecord {
  const bySource = new Map<string, Map<PastTopic, { weight: number; gain: number }>>();
  let later = 0;
  let tasks = 0;
  let wentWell = 0;
  for (const { trial, kernel: near } of [...trials].sort((a, b) => b.trial.order - a.trial.order)) {
    const weight = near * trial.weight * decay(now - trial.at) * 2 ** (-later / tuning.freshness);
    const goals = bySource.get(trial.source) ?? new Map<PastTopic, { weight: number; gain: number }>();
    const sum = goals.get(trial.topic) ?? { weight: 0, gain: 0 };
    goals.set(trial.topic, { weight: sum.weight + weight, gain: sum.gain + weight * trial.gain });
    bySource.set(trial.source, goals);
    later += near * trial.weight;
    if (near >= 0.3) {
      tasks++;
      if (trial.gain === 1) wentWell++;
    }
  }
  return { ...capped([...bySource.values()].map(cappedByGoal)), tasks, wentWell };
}

interface Sum {
  readonly weight: number;
  readonly gain: number;
}

function cappedByGoal(goals: ReadonlyMap<PastTopic, Sum>): Sum {
  return total([...goals.values()].map((sum) => limited(sum, tuning.perGoal)));
}

/** No source outweighs all the others together, but for the few reports that one alone may give. */
function capped(sources: readonly Sum[]): Sum {
  const all = total(sources).weight;
  return total(sources.map((sum) => limited(sum, Math.max(tuning.perSource, all - sum.weight))));
}

function limited({ weight, gain }: Sum, most: number): Sum {
  const factor = weight > most ? most / weight : 1;
  return { weight: weight * factor, gain: gain * factor };
}

function total(sums: readonly Sum[]): Sum {
  return sums.reduce((all, sum) => ({ weight: all.weight + sum.weight, gain: all.gain + sum.gain }), {
    weight: 0,
    gain: 0,
  });
}

/** Posterior mean, and a draw's worth of its deviation: little known, much to find out. */
function worthOf(prior: number, { weight, gain }: Sum, draw: number): number {
  const strength = tuning.priorStrength + weight;
  const mean = (prior * tuning.priorStrength + gain) / strength;
  const deviation = Math.sqrt((mean * (1 - mean)) / (strength + 1));
  return mean + tuning.explore * draw * deviation;
}

function reasonOf(delta: number, { tasks, wentWell }: AgentRecord): string {
  const amount = `${delta < 0 ? '−' : '+'}${Math.abs(delta).toFixed(2)}`;
  if (tasks === 0) return `history: ${amount} (untried for similar tasks)`;
  return `history: ${amount} (${wentWell} of ${tasks} similar ${tasks === 1 ? 'task' : 'tasks'} went well)`;
}
