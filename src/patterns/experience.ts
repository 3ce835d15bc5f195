/**
 * Who did what, and how it ended: past decisions by the goal they had, in memory.
 *
 *   decision → topic (one for each distinct goal: its vector, who would do it) → one trial for each agent of its team
 *
 * At most `MOST_TRIALS` are kept, the oldest go first. Vectors are bytes: five thousand topics cost about three
 * megabytes.
 */
import type { StoredDecision } from '../storage/storage.ts';
import { agreementWith } from './doers.ts';
import { closeness, type Topic } from './goal.ts';
import { gains } from './rate.ts';

const MOST_TRIALS = 5000;

/** One agent's part in one decision. */
export interface Trial {
  readonly agent: string;
  readonly taskId: string;
  readonly source: string;
  /** 1 success, 0.5 partial, 0 failure. */
  readonly gain: number;
  /** Certainty × share of the work; a team's first member leads and counts double. */
  readonly weight: number;
  readonly at: number;
  /** Counts up with every decision. */
  readonly order: number;
  readonly topic: PastTopic;
}

export interface PastTopic {
  readonly text: string;
  readonly topic: Topic;
  /** Oldest first. */
  readonly trials: Trial[];
}

export interface Experience {
  /** Replaces what the task had taught. `agents`: ids, those the catalogue knows. */
  learn(decision: StoredDecision, agents: readonly string[]): void;
  readonly topics: ReadonlyMap<string, PastTopic>;
  /** Decisions learned so far. */
  readonly size: number;
}

/** @param read what the kernel compares of a goal's text */
export function createExperience(read: (text: string) => Topic): Experience {
  const topics = new Map<string, PastTopic>();
  /** In the order they came: the first is the oldest. */
  const byTask = new Map<string, Trial[]>();
  let order = 0;
  let trials = 0;
  const forget = (taskId: string): void => {
    for (const trial of byTask.get(taskId) ?? []) {
      const { topic } = trial;
      topic.trials.splice(topic.trials.indexOf(trial), 1);
      if (topic.trials.length === 0) topics.delete(topic.text);
      trials--;
    }
    byTask.delete(taskId);
  };
  const topicOf = (text: string): PastTopic => {
    const known = topics.get(text) ?? { text, topic: read(text), trials: [] };
    topics.set(text, known);
    return known;
  };
  return {
    topics,
    get size() {
      return byTask.size;
    },
    learn: (decision, agents) => {
      forget(decision.task_id);
      if (agents.length === 0) return;
      const fresh = trialsOf(decision, agents, topicOf(decision.task_description), order++);
      byTask.set(decision.task_id, fresh);
      for (const trial of fresh) trial.topic.trials.push(trial);
      trials += fresh.length;
      for (const oldest of byTask.keys()) {
        if (trials <= MOST_TRIALS) break;
        forget(oldest);
      }
    },
  };
}

function trialsOf(
  decision: StoredDecision,
  agents: readonly string[],
  topic: PastTopic,
  order: number,
): Trial[] {
  const { task_id: taskId, source = '', certainty = 1, at, agents_used } = decision;
  return agents.map((agent, place) => ({
    agent,
    taskId,
    source,
    gain: gains[decision.result],
    weight: (certainty * (place === 0 ? 2 : 1)) / (agents_used.length + 1),
    at,
    order,
    topic,
  }));
}

/** Where the kernel is one half, how steep it is, where it ends; see docs/learning.md. */
const shape = { middle: 0.37, width: 0.04, cut: 0.05 };

/** Goals that agree less on who would do them say nothing of each other, however near their words are. */
const LEAST_AGREEMENT = 0.1;

/**
 * How much past goals say about this one, 0..1 each: a sigmoid of the mean of the goals' cosine and the agreement on
 * who would do them, 0 below `cut`. Made once for a query: what costs most is left out where it could change nothing.
 */
export function kernelAround(goal: Topic): (past: Topic) => number {
  const agreement = agreementWith(goal.doers);
  return (past) => {
    const who = agreement(past.doers);
    if (who < LEAST_AGREEMENT) return 0;
    // Without an embedding, who would do it is all there is.
    const meaning = goal.vector && past.vector ? Math.max(0, closeness(goal.vector, past.vector)) : who;
    const value = 1 / (1 + Math.exp((shape.middle - (0.5 * who + 0.5 * meaning)) / shape.width));
    return value < shape.cut ? 0 : value;
  };
}
