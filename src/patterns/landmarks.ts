/**
 * Where a goal lies among the goals seen: its likeness to a sample of them, the landmarks.
 *
 *   distinct goals ─► landmarks (a fixed number) ─► profile of each goal: one likeness for each landmark
 *
 * Two goals in other words that are alike to the same third ones belong together. The landmarks are the goals whose
 * texts have the smallest hashes (a bottom-k sketch): a uniform sample that depends on no order and seldom changes, so
 * that keeping profiles costs one comparison for each goal and landmark on the whole.
 */
import { agreementWith } from './doers.ts';
import { closeness, type Topic } from './goal.ts';
import { hashText } from './random.ts';

const MOST_LANDMARKS = 48;
/** Profiles that vary less than this (standard deviation) tell nothing. */
const LEAST_SPREAD = 0.02;

/** A goal seen, and its likeness to each landmark. */
export interface Place {
  readonly text: string;
  readonly topic: Topic;
  readonly profile: Float32Array;
}

export interface Landmarks {
  readonly count: number;
  /** A place of `all`, which has it already. */
  add(place: Place, all: Iterable<Place>): void;
  /** `all` has it no more. */
  remove(place: Place, all: Iterable<Place>): void;
  /**
   * Correlation of profiles, −1..1, nearer to 0 where they hardly vary.
   * @param likeness to the goal asked about
   */
  resemblance(likeness: Likeness): (place: Place) => number;
}

/** How alike a goal is to a fixed one: 0..1. */
export type Likeness = (topic: Topic) => number;

export const emptyProfile = (): Float32Array => new Float32Array(MOST_LANDMARKS);

/** Goals that agree less on who would do them are not compared further. */
const LEAST_AGREEMENT = 0.1;

/**
 * The mean of the goals' cosine and of their agreement on who would do them; 0 where they hardly agree on that, which
 * spares most goals the cosine. Made once for a goal.
 */
export function likenessTo(goal: Topic): Likeness {
  const agreement = agreementWith(goal.doers);
  return (topic) => {
    const who = agreement(topic.doers);
    if (who < LEAST_AGREEMENT) return 0;
    // Without an embedding, who would do it is all there is.
    const meaning = goal.vector && topic.vector ? Math.max(0, closeness(goal.vector, topic.vector)) : who;
    return 0.5 * who + 0.5 * meaning;
  };
}

export function createLandmarks(): Landmarks {
  const landmarks: Place[] = [];
  const settle = (slot: number, landmark: Place, all: Iterable<Place>): void => {
    landmarks[slot] = landmark;
    const likeness = likenessTo(landmark.topic);
    for (const place of all) place.profile[slot] = likeness(place.topic);
  };
  return {
    get count() {
      return landmarks.length;
    },
    add: (place, all) => {
      const likeness = likenessTo(place.topic);
      landmarks.forEach(({ topic }, slot) => {
        place.profile[slot] = likeness(topic);
      });
      const slot = landmarks.length < MOST_LANDMARKS ? landmarks.length : lastOf(landmarks);
      const there = landmarks[slot];
      if (!there || before(place, there)) settle(slot, place, all);
    },
    remove: (place, all) => {
      const slot = landmarks.indexOf(place);
      if (slot < 0) return;
      const next = firstBeside(landmarks, all) ?? landmarks.pop();
      if (next && next !== place) settle(slot, next, all);
    },
    resemblance: (likeness) => {
      const own = standardised(landmarks.map(({ topic }) => likeness(topic)));
      return ({ profile }) => correlation(own, profile);
    },
  };
}

function before(a: Place, b: Place): boolean {
  const [first, second] = [hashText(a.text), hashText(b.text)];
  return first < second || (first === second && a.text < b.text);
}

/** The slot whose landmark would be the first to go. */
function lastOf(landmarks: readonly Place[]): number {
  return landmarks.reduce((last, place, slot) => (before(landmarks[last] as Place, place) ? slot : last), 0);
}

function firstBeside(landmarks: readonly Place[], all: Iterable<Place>): Place | undefined {
  let first: Place | undefined;
  for (const place of all) {
    if ((!first || before(place, first)) && !landmarks.includes(place)) first = place;
  }
  return first;
}

/** Mean 0, standard deviation 1, or less where the values hardly vary. */
function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(variance));
  return Float64Array.from(values, (value) => (value - mean) / spread);
}

/** One pass: `own` has a mean of 0, so the other's mean falls out of their product. */
function correlation(own: Float64Array, profile: Float32Array): number {
  const count = Math.max(1, own.length);
  let product = 0;
  let sum = 0;
  let squares = 0;
  for (let slot = 0; slot < own.length; slot++) {
    const value = profile[slot] as number;
    product += (own[slot] as number) * value;
    sum += value;
    squares += value * value;
  }
  const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  return product / count / Math.max(LEAST_SPREAD, deviation);
}
