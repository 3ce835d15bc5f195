/**
 * How much past goals say about this one, 0..1 each.
 *
 *   likeness to the past goal ─────────────┐
 *   where both lie among others seen ──────┴─► mean ─► sigmoid
 *
 * While few goals are known, likeness alone decides; and goals much alike say much of each other wherever they lie.
 */
import type { Experience, PastTopic } from './experience.ts';
import type { Topic } from './goal.ts';
import { likenessTo } from './landmarks.ts';

/** Where each sigmoid is one half, and how steep it is; see docs/learning.md. */
const shape = {
  /** Of the mean of likeness and resemblance. */
  placed: { middle: 0.5, width: 0.12 },
  /** Of likeness, while few goals are known. */
  alone: { middle: 0.37, width: 0.04 },
  /** Of likeness, at any time. */
  near: { middle: 0.6, width: 0.06 },
};

/** Landmarks from which on places are trusted in full. */
const ENOUGH = 20;

/** Goals less alike say nothing of each other, wherever they lie. */
const LEAST_LIKENESS = 0.15;

/** Lower values are 0. */
const CUT = 0.05;

/** Made once for a query: what costs most is left out where it could change nothing. */
export function kernelAround(goal: Topic, { landmarks }: Experience): (past: PastTopic) => number {
  const likeness = likenessTo(goal);
  const resemblance = landmarks.resemblance(likeness);
  const placed = Math.min(1, landmarks.count / ENOUGH);
  return (past) => {
    const alike = likeness(past.topic);
    if (alike < LEAST_LIKENESS) return 0;
    const among = sigmoid(0.5 * alike + 0.5 * resemblance(past), shape.placed);
    const mixed = placed * among + (1 - placed) * sigmoid(alike, shape.alone);
    const value = Math.max(mixed, sigmoid(alike, shape.near));
    return value < CUT ? 0 : value;
  };
}

function sigmoid(value: number, { middle, width }: { middle: number; width: number }): number {
  return 1 / (1 + Math.exp((middle - value) / width));
}
