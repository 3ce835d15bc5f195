/**
 * How likely the first hit is the right one, from a few features of the whole answer.
 *
 *   evidence   = 1.5 · ln(top) + 20 · min(margin, 0.15)
 *              + bodies · (6 − 2 · single − 1.1 · strangest + 0.06 · min(words, 16)) + (3 − 2 · bodies) · known
 *   confidence = 1 / (1 + e^−(slope · evidence + bias)), 0 below the threshold: nothing fits
 *
 * `margin` tells whether the first is the right one of what fits, the others whether anything fits. Bodies hold most of
 * what is said of a subject, so that a weighty word which none of them has is a subject that nobody serves, and a first
 * hit that owes its words to a single one of the question's shares that word and no more. A long question resembles
 * anything less than a short one. Without bodies words are missing by chance, and their share has to do.
 * `npm run bench:calibration` fits slope and bias; docs/ranking.md has the figures.
 */
import type { InvertedIndex } from './inverted-index.ts';
import type { Scored } from './relevance.ts';
import { largestShare } from './scorer.ts';

/** What a confidence is judged by. */
export interface Evidence {
  /** Relevance of the first hit. */
  readonly top: number;
  /** Its distance from the second, at least 0. */
  readonly margin: number;
  /** Share of its lexical score that is owed to one word of the question, 0..1. */
  readonly single: number;
  /** How much the weightiest word of the question says that no definition has. */
  readonly strangest: number;
  /** Length of the question. */
  readonly words: number;
  /** Share of what was asked that the index knows, 0..1. */
  readonly known: number;
  /** Share of definitions with a body, 0..1. */
  readonly bodies: number;
}

const SLOPE = 0.56;
const BIAS = -1.8;
/** Fewer than one in ten such answers are right: better none. */
const THRESHOLD = 0.1;
/** Without bodies there is less to know a subject by: fewer than one in twenty. */
const BODYLESS_THRESHOLD = 0.05;
/** A relevance below this, or none, is as good as nothing. */
const LOWEST = 0.05;
/** A second that is farther behind says nothing more. */
const FAR_BEHIND = 0.15;
/** A question longer than this resembles things no less. */
const LONG = 16;

/** @param allowed which definitions take part; copies of the first do not */
export function evidenceOf(
  { read, relevance }: Scored,
  index: InvertedIndex,
  first: number,
  allowed: (i: number) => boolean,
  bodies: number,
): Evidence {
  let second = 0;
  for (let i = 0; i < relevance.length; i++) {
    if (relevance[i] > second && i !== first && allowed(i)) second = relevance[i];
  }
  const { known, strangest, words } = read;
  const top = relevance[first];
  const single = largestShare(index, read.terms, first);
  return { top, margin: Math.max(0, top - second), single, strangest, words, known, bodies };
}

/** The features as one number, on the scale of logits but for slope and bias. */
export function weigh({ top, margin, single, strangest, words, known, bodies }: Evidence): number {
  const told = 6 - 2 * single - 1.1 * strangest + 0.06 * Math.min(words, LONG);
  return (
    1.5 * Math.log(Math.max(LOWEST, top)) +
    20 * Math.min(margin, FAR_BEHIND) +
    bodies * told +
    (3 - 2 * bodies) * known
  );
}

/** 0..1; 0 where nothing fits. */
export function confidenceOf(evidence: Evidence): number {
  const confidence = 1 / (1 + Math.exp(-(SLOPE * weigh(evidence) + BIAS)));
  const threshold = BODYLESS_THRESHOLD + evidence.bodies * (THRESHOLD - BODYLESS_THRESHOLD);
  return confidence < threshold ? 0 : confidence;
}
