/**
 * How well something went, from few and ageing outcomes.
 *
 *   rate = (prior · strength + Σ decay · gain) / (strength + Σ decay)      a Beta posterior's mean
 *
 * A success gains 1, a partial one 0.5, a failure 0. An outcome weighs half after `HALF_LIFE_MS`.
 */
import type { Outcome } from '../protocol/entities.ts';

export const HALF_LIFE_MS = 60 * 24 * 3600 * 1000;

export const gains: Readonly<Record<Outcome, number>> = { success: 1, partial: 0.5, failure: 0 };

/** Weighted outcomes: how many, and how many of them went well. */
export interface Tally {
  readonly weight: number;
  readonly gain: number;
}

export const untried: Tally = { weight: 0, gain: 0 };

/** Mean and strength (in outcomes) of what is believed before any evidence. */
export interface Prior {
  readonly mean: number;
  readonly strength: number;
}

/** Plans somebody stored, or that worked once, start above those that a workflow merely describes. */
export const priors = {
  learned: { mean: 0.65, strength: 2 },
  workflow: { mean: 0.5, strength: 2 },
} as const satisfies Record<string, Prior>;

/** Weight of an outcome of age `ageMs`; the future weighs as the present. */
export function decay(ageMs: number): number {
  return 2 ** (-Math.max(0, ageMs) / HALF_LIFE_MS);
}

export function smoothed({ weight, gain }: Tally, { mean, strength }: Prior): number {
  return (mean * strength + gain) / (strength + weight);
}
