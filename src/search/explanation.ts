/** Why a hit is where it is, as data, and the same in a few words. */

export type Reason =
  | {
      readonly kind: 'capability';
      readonly asked: string;
      readonly tag: string;
      readonly match: 'exact' | 'fuzzy';
    }
  /** Words of the query found in the definition's name, description or capabilities. */
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  /** Words found in the body alone. */
  | { readonly kind: 'body'; readonly terms: readonly string[] }
  /** Words of the query that were read as others: a typing error mended, a usual abbreviation spelt out. */
  | { readonly kind: 'read-as'; readonly word: string; readonly as: string }
  /** Similarity of meaning, 0..1. */
  | { readonly kind: 'meaning'; readonly similarity: number }
  | { readonly kind: 'adjusted'; readonly delta: number; readonly reason: string };

export interface Explanation {
  /** Strongest first. */
  readonly reasons: readonly Reason[];
  /** What the score was made of. */
  readonly parts: { readonly lexical: number; readonly semantic: number; readonly capability: number };
}

/** `capability 'react' (exact); terms: hooks, rendering; meaning 0.61` */
export function format(explanation: Explanation): string {
  const text = explanation.reasons.map(formatReason).join('; ');
  return text === '' ? 'listed in stable order' : text;
}

function formatReason(reason: Reason): string {
  switch (reason.kind) {
    case 'capability':
      return reason.match === 'exact'
        ? `capability '${reason.tag}' (exact)`
        : `capability '${reason.tag}' (near '${reason.asked}')`;
    case 'terms':
      return `terms: ${reason.terms.join(', ')}`;
    case 'body':
      return `in its text: ${reason.terms.join(', ')}`;
    case 'read-as':
      return `'${reason.word}' read as '${reason.as}'`;
    case 'meaning':
      return `meaning ${reason.similarity.toFixed(2)}`;
    case 'adjusted':
      return reason.reason;
  }
}
