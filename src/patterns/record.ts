/**
 * What past outcomes say about one agent, held in check: no source and no wording can say more than its share.
 *
 *   trials, newest first → aged → capped for each wording → capped for each source → weight and gain
 */
import type { PastTopic, Trial } from './experience.ts';
import { decay, type Tally, untried } from './rate.ts';

const limits = {
  /** Later similar outcomes from a source after which its earlier ones count half: what has changed is noticed. */
  freshness: 20,
  /** Reports by one source on one wording, about one agent, count as at most this many. */
  perWording: 4,
  /** Reports by one source about one agent, while nobody else reports similar goals. */
  perSource: 8,
  /** Once others do: at most this many, or this share of what the others say about that agent. */
  uncorroborated: 1,
  corroborated: 0.5,
};

/** Trials of goals less similar than this move the figures, but are not named as similar tasks. */
const NAMED = 0.3;

export interface Weighted {
  readonly trial: Trial;
  /** How much the trial's goal says about the one asked for, 0..1. */
  readonly kernel: number;
}

/** Effective outcomes after caps, and the similar tasks as they were reported. */
export interface AgentRecord extends Tally {
  readonly tasks: number;
  readonly wentWell: number;
}

/** @param contested whether several sources report on similar goals */
export function recordOf(trials: readonly Weighted[], contested: boolean, now: number): AgentRecord {
  const sources = [...bySource(trials).values()].map((own) => said(own, now));
  const named = trials.filter(({ kernel }) => kernel >= NAMED);
  return {
    ...capped(sources, contested),
    tasks: named.length,
    wentWell: named.filter(({ trial }) => trial.gain === 1).length,
  };
}

function bySource(trials: readonly Weighted[]): Map<string, Weighted[]> {
  const groups = new Map<string, Weighted[]>();
  for (const weighted of trials) {
    const group = groups.get(weighted.trial.source) ?? [];
    group.push(weighted);
    groups.set(weighted.trial.source, group);
  }
  return groups;
}

/** What one source says: its later reports age its earlier ones. */
function said(trials: readonly Weighted[], now: number): Tally {
  const wordings = new Map<PastTopic, Tally>();
  let later = 0;
  for (const { trial, kernel } of [...trials].sort((a, b) => b.trial.order - a.trial.order)) {
    const weight = kernel * trial.weight * decay(now - trial.at) * 2 ** (-later / limits.freshness);
    const sum = wordings.get(trial.topic) ?? untried;
    wordings.set(trial.topic, { weight: sum.weight + weight, gain: sum.gain + weight * trial.gain });
    later += kernel * trial.weight;
  }
  return total([...wordings.values()].map((sum) => limited(sum, limits.perWording)));
}

/** Where several sources speak of similar goals, none outweighs what the others say of an agent. */
function capped(sources: readonly Tally[], contested: boolean): Tally {
  const all = total(sources).weight;
  const most = ({ weight }: Tally): number =>
    contested ? Math.max(limits.uncorroborated, limits.corroborated * (all - weight)) : limits.perSource;
  return total(sources.map((sum) => limited(sum, most(sum))));
}

function limited({ weight, gain }: Tally, most: number): Tally {
  const factor = weight > most ? most / weight : 1;
  return { weight: weight * factor, gain: gain * factor };
}

function total(sums: readonly Tally[]): Tally {
  return sums.reduce((all, sum) => ({ weight: all.weight + sum.weight, gain: all.gain + sum.gain }), untried);
}
