/**
 * Who did what, and how it ended: past decisions by the goal they had, in memory.
 *
 *   decision → topic (one for each distinct goal: its vector, who would do it) → one trial for each agent of its team
 *
 * At most `MOST_TRIALS` are kept, the oldest go first. Vectors are bytes: five thousand topics cost about three
 * megabytes, where they lie among the landmarks one more.
 */
import type { StoredDecision } from '../storage/storage.ts';
import type { Topic } from './goal.ts';
import { createLandmarks, emptyProfile, type Landmarks, type Place } from './landmarks.ts';
import { gains } from './rate.ts';

const MOST_TRIALS = 5000;

/** Of an agent that is chosen again, half a success says little: there may be one that succeeds. */
const PARTIAL = 0.25;

/** One agent's part in one decision. */
export interface Trial {
  readonly agent: string;
  readonly taskId: string;
  readonly source: string;
  /** 1 success, `PARTIAL` partial, 0 failure. */
  readonly gain: number;
  /** Certainty × share of the work; a team's first member leads and counts double. */
  readonly weight: number;
  readonly at: number;
  /** Counts up with every decision. */
  readonly order: number;
  readonly topic: PastTopic;
}

export interface PastTopic extends Place {
  /** Oldest first. */
  readonly trials: Trial[];
}

export interface Experience {
  /** Replaces what the task had taught. `agents`: ids, those the catalogue knows. */
  learn(decision: StoredDecision, agents: readonly string[]): void;
  readonly topics: ReadonlyMap<string, PastTopic>;
  readonly landmarks: Omit<Landmarks, 'add' | 'remove'>;
  /** Decisions learned so far. */
  readonly size: number;
}

/** @param read what the kernel compares of a goal's text */
export function createExperience(read: (text: string) => Topic): Experience {
  const topics = new Map<string, PastTopic>();
  const landmarks = createLandmarks();
  /** In the order they came: the first is the oldest. */
  const byTask = new Map<string, Trial[]>();
  let order = 0;
  let trials = 0;
  const forget = (taskId: string): void => {
    for (const trial of byTask.get(taskId) ?? []) {
      const { topic } = trial;
      topic.trials.splice(topic.trials.indexOf(trial), 1);
      trials--;
      if (topic.trials.length > 0) continue;
      topics.delete(topic.text);
      landmarks.remove(topic, topics.values());
    }
    byTask.delete(taskId);
  };
  const topicOf = (text: string): PastTopic => {
    const known = topics.get(text);
    if (known) return known;
    const fresh = { text, topic: read(text), profile: emptyProfile(), trials: [] };
    topics.set(text, fresh);
    landmarks.add(fresh, topics.values());
    return fresh;
  };
  return {
    topics,
    landmarks,
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
    gain: decision.result === 'partial' ? PARTIAL : gains[decision.result],
    weight: (certainty * (place === 0 ? 2 : 1)) / (agents_used.length + 1),
    at,
    order,
    topic,
  }));
}
