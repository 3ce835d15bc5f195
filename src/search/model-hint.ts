/**
 * A tie-breaker between near equals: complex tasks lean to definitions that ask for a strong model, simple ones to
 * those that ask for a quick one.
 */

/** `strong`: opus, sonnet · `quick`: haiku · `any`: everything else. */
export type ModelTier = 'any' | 'strong' | 'quick';

/** Too small to pass over any difference that can be seen in the scores. */
const HINT = 0.004;

const complex =
  /\b(architect\w*|complex|design|distributed|investigat\w*|migrat\w*|overhaul|redesign|root cause|security|strategy|trade-?offs?)\b/i;
const simple = /\b(boilerplate|format|lint|list|minor|quick\w*|rename|simple|small|trivial|typos?)\b/i;

export function tierOf(model: string | undefined): ModelTier {
  if (model === undefined) return 'any';
  if (/opus|sonnet/i.test(model)) return 'strong';
  return /haiku/i.test(model) ? 'quick' : 'any';
}

/** The tier a task leans to. */
export function tierWanted(text: string): ModelTier {
  const [hard, easy] = [complex.test(text), simple.test(text)];
  if (hard === easy) return 'any';
  return hard ? 'strong' : 'quick';
}

/** Added to the relevance of a definition. */
export function modelHint(wanted: ModelTier, tier: ModelTier): number {
  return wanted !== 'any' && wanted === tier ? HINT : 0;
}
