/**
 * How likely the first hit is the right one, from a few features of the whole answer.
 *
 *   evidence   = 1.5 · ln(top) + 3 · known + 20 · min(margin, 0.15) + 2.5 · bodies
 *   confidence = 1 / (1 + e^−(slope · evidence + bias)), 0 below the threshold: nothing fits
 *
 * `top` and `known` tell whether anything fits, `margin` whether the first is the right one of what fits, `bodies`
 * how much there was to judge by. `npm run bench:calibration` fits slope and bias; docs/ranking.md has the figures.
 */
import type { Scored } from './relevance.ts';

/** What a confidence is judged by. */
export interface Evidence {
  /** Relevance of the first hit. */
  readonly top: number;
  /** Its distance from the second, at least 0. */
  readonly margin: number;
  /** Share of what was asked that the index knows, 0..1. */
  readonly known: number;
  /** Share of definitions with a body, 0..1. */
  readonly bodies: number;
}

const SLOPE = 0.61;
const BIAS = -2;
/** Fewer than one in fourteen such answers are right: better none. */
const THRESHOLD = 0.07;
/** A relevance below this, or none, is as good as nothing. */
const LOWEST = 0.05;
/** A second that is farther behind says nothing more. */
const FAR_BEHIND = 0.15;

/** @param allowed which definitions take part; copies of the first do not */
export function evidenceOf(
  { read, relevance }: Scored,
  first: number,
  allowed: (i: number) => boolean,
  bodies: number,
): Evidence {
  let second = 0;
  for (let i = 0; i < relevance.length; i++) {
    if (relevance[i] > second && i !== first && allowed(i)) second = relevance[i];
  }
  const top = relevance[first];
  return { top, margin: Math.max(0, top - second), known: read.known, bodies };
}

/** The features as one number, on the scale of logits but for slope and bias. */
export function weigh({ top, margin, known, bodies }: Evidence): number {
  return 1.5 * Math.log(Math.max(LOWEST, top)) + 3 * known + 20 * Math.min(margin, FAR_BEHIND) + 2.5 * bodies;
}

/** 0..1; 0 where nothing fits. */
export function confidenceOf(evidence: Evidence): number {
  const confidence = 1 / (1 + Math.exp(-(SLOPE * weigh(evidence) + BIAS)));
  return confidence < THRESHOLD ? 0 : confidence;
}
