/**
 * What past decisions say about an agent for a goal: a field of its own in agent ranking.
 *
 *   text score of the agent       → prior: how likely it is to do well            (strength: `PRIOR_STRENGTH` outcomes)
 *   outcomes of similar goals     → evidence, weighted by kernel, age, certainty, capped by source and by goal
 *   prior + evidence (Beta mean)  → value; the untried get a little more, by a seeded draw
 *   value − prior                 → delta, scaled so that the order follows the value once there is evidence
 */

import { affinity, type Experience, kernel, type PastTopic, type Trial } from './experience.ts';
import type { Topic } from './goal.ts';
import type { Adjustment, Candidate } from './ports.ts';
import { normal, uniform } from './random.ts';
import { decay } from './rate.ts';

const tuning = {
  /** Chance of success of the best agent by text, and of one whose text does not fit at all. */
  best: 0.65,
  worst: 0.1,
  /** At least this for an agent that somebody chose for a similar goal: a choice says that it may fit. */
  chosen: 0.5,
  priorStrength: 1.5,
  /** Later similar outcomes of the same agent after which one counts half: what has changed is noticed. */
  freshness: 15,
  /** Reports on one goal's text by one source count as at most this many, with each agent. */
  perGoal: 6,
  /** Reports by one source about one agent count as at most this many while nobody else reports similar goals. */
  perSource: 12,
  /** Once others do, as at most this many, or this share of what the others say of that agent. */
  uncorroborated: 1,
  corroborated: 0.5,
  /** Evidence around the goal at which history is trusted by half. */
  trust: 2,
  /** Affinity of the nearest past goal up to which a query is unlike anything seen, and from which it is not. */
  unlike: 0.42,
  alike: 0.62,
  /** Standard deviations of the posterior that exploration may add. */
  explore: 0.15,
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

/**
 * Ids absent from the answer keep their score. Agents that text does not find take part too, if they did well at
 * similar goals.
 */
export function adjustments(input: AdjustInput): Map<string, Adjustment> {
  const top = Math.max(0, ...input.candidates.map(({ score }) => score));
  const nearby = neighbourhood(input);
  if (top <= 0 || nearby.mass === 0) return new Map();
  const known = nearby.mass ** 2 / (nearby.mass ** 2 + tuning.trust ** 2);
  const trusted =
    known * Math.max(0, Math.min(1, (nearby.nearest - tuning.unlike) / (tuning.alike - tuning.unlike)));
  if (trusted === 0) return new Map();
  const next = uniform(`${input.seed}\n${input.experience.size}\n${input.text}`);
  const found = [...input.candidates, ...overlooked(input, nearby)].map(({ id, score }): Entry => {
    const prior = tuning.worst + (tuning.best - tuning.worst) * Math.max(0, score / top);
    const record = recordOf(nearby.byAgent.get(id) ?? [], nearby.sources > 1, input.now);
    const fit = record.corroborated ? Math.max(0, tuning.chosen - prior) * Math.min(1, record.weight) : 0;
    const believed = prior + fit;
    const gain = worthOf(believed, record, Math.max(0, normal(next))) - prior;
    const scaled = (trusted * top * gain) / (tuning.best - tuning.worst);
    const delta = Math.max(-tuning.bound * top, Math.min(tuning.bound * top, scaled));
    return [id, { delta, reason: reasonOf(delta, record) }];
  });
  return new Map(found.filter(([, { delta }]) => Math.abs(delta) >= LEAST_DELTA * top));
}

type Entry = [id: string, adjustment: Adjustment];

/** Smaller deltas, as a share of the best text score, are left out. */
const LEAST_DELTA = 0.005;

/** Agents beyond the candidates that have a record here: as candidates whose text does not fit at all. */
function overlooked({ candidates }: AdjustInput, { byAgent }: Nearby): Candidate[] {
  const known = new Set(candidates.map(({ id }) => id));
  return [...byAgent.keys()].filter((id) => !known.has(id)).map((id) => ({ id, score: 0 }));
}

interface Nearby {
  /** Affinity of the most similar past goal. */
  readonly nearest: number;
  /** How many sources report on similar goals. */
  readonly sources: number;
  readonly byAgent: ReadonlyMap<string, readonly Weighted[]>;
  /** How much is known around the goal: Σ kernel² · √trials over past goals. Many goals say more than one often tried. */
  readonly mass: number;
}

interface Weighted {
  readonly trial: Trial;
  readonly kernel: number;
}

function neighbourhood({ topic, experience }: AdjustInput): Nearby {
  const byAgent = new Map<string, Weighted[]>();
  const sources = new Set<string>();
  let mass = 0;
  let nearest = 0;
  for (const past of experience.topics.values()) {
    const alike = affinity(topic, past.topic);
    const near = kernel(alike);
    if (near === 0) continue;
    nearest = Math.max(nearest, alike);
    mass += near * near * Math.sqrt(weightOf(past));
    for (const trial of past.trials) {
      const list = byAgent.get(trial.agent) ?? [];
      list.push({ trial, kernel: near });
      sources.add(trial.source);
      byAgent.set(trial.agent, list);
    }
  }
  return { byAgent, mass, nearest, sources: sources.size };
}

const weightOf = (past: PastTopic): number => past.trials.reduce((sum, trial) => sum + trial.weight, 0);

interface AgentRecord {
  /** Effective number of outcomes, after caps. */
  readonly weight: number;
  /** Of them, those that went well. */
  readonly gain: number;
  /** More than one source speaks of it, or there is only one. */
  readonly corroborated: boolean;
  /** Similar tasks as they were reported, for the reason. */
  readonly tasks: number;
  readonly wentWell: number;
}

/** Sums an agent's trials, newest first: a source's later reports age its earlier ones; then caps what it can say. */
function recordOf(trials: readonly Weighted[], contested: boolean, now: number): AgentRecord {
  const bySource = new Map<string, Map<PastTopic, { weight: number; gain: number }>>();
  const later = new Map<string, number>();
  let tasks = 0;
  let wentWell = 0;
  for (const { trial, kernel: near } of [...trials].sort((a, b) => b.trial.order - a.trial.order)) {
    const since = later.get(trial.source) ?? 0;
    const weight = near * trial.weight * decay(now - trial.at) * 2 ** (-since / tuning.freshness);
    const goals = bySource.get(trial.source) ?? new Map<PastTopic, { weight: number; gain: number }>();
    const sum = goals.get(trial.topic) ?? { weight: 0, gain: 0 };
    goals.set(trial.topic, { weight: sum.weight + weight, gain: sum.gain + weight * trial.gain });
    bySource.set(trial.source, goals);
    later.set(trial.source, since + near * trial.weight);
    if (near >= 0.3) {
      tasks++;
      if (trial.gain === 1) wentWell++;
    }
  }
  const corroborated = !contested || bySource.size > 1;
  return { ...capped([...bySource.values()].map(cappedByGoal), contested), corroborated, tasks, wentWell };
}

interface Sum {
  readonly weight: number;
  readonly gain: number;
}

function cappedByGoal(goals: ReadonlyMap<PastTopic, Sum>): Sum {
  return total([...goals.values()].map((sum) => limited(sum, tuning.perGoal)));
}

/** Where several sources speak of similar goals, none outweighs what the others say of an agent. */
function capped(sources: readonly Sum[], contested: boolean): Sum {
  const all = total(sources).weight;
  const most = ({ weight }: Sum): number =>
    contested ? Math.max(tuning.uncorroborated, tuning.corroborated * (all - weight)) : tuning.perSource;
  return total(sources.map((sum) => limited(sum, most(sum))));
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
