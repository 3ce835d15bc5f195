/**
 * Meaning and words into one relevance, and relevance into a score.
 *
 *   relevance = (1 − f) · (semantic + words · lexical + g · POINTED · pointed) + f · √(lexical / mass)
 *
 *   f  share of the question that the embedding cannot read: other scripts; 1 without an embedding
 *   g  0 … 1: how far words decide. Where one definition holds most of what was asked, the question speaks the
 *      catalogue's language and single words tell neighbours apart; elsewhere meaning does.
 *   mass  the rarity of all that was asked: what a definition would score that consisted of it
 *
 * The constants and how they came about: docs/ranking.md.
 */

/** A BM25 point beside a cosine; twice that where definitions have no bodies, for there is less to go by. */
const WORDS = 0.026;
const LESS_TO_GO_BY = 0.35;
const POINTED = 0.05;
/** Words begin to decide when the best lexical match holds this share of the mass, and do so fully at the second. */
const DECISIVE = { from: 0.3, to: 0.6 };
const MIDDLE = 0.42;
const WIDTH = 0.12;

export interface Blend {
  /** `f`. */
  readonly unreadable: number;
  /** `words`. */
  readonly words: number;
  /** `g`. */
  readonly decisive: number;
  readonly mass: number;
}

/** @param withoutBody share of definitions without a body, 0..1. */
export function blendOf(unreadable: number, withoutBody: number, bestLexical: number, mass: number): Blend {
  const covered = mass > 0 ? bestLexical / mass : 0;
  const decisive = Math.min(1, Math.max(0, (covered - DECISIVE.from) / (DECISIVE.to - DECISIVE.from)));
  return { unreadable, words: WORDS * (1 + LESS_TO_GO_BY * withoutBody), decisive, mass };
}

export function relevance(blend: Blend, semantic: number, lexical: number, pointed: number): number {
  const { unreadable, words, decisive, mass } = blend;
  const readable = semantic + words * lexical + decisive * POINTED * pointed;
  return (1 - unreadable) * readable + (mass > 0 ? unreadable * Math.sqrt(lexical / mass) : 0);
}

/** Strength 0..1 of a relevance. */
export function strength(value: number): number {
  return 1 / (1 + Math.exp((MIDDLE - value) / WIDTH));
}
