/** Finds out why a document is where it is: asked for hits alone. */
import type { Explanation, Reason } from './explanation.ts';
import { type InvertedIndex, postingOf } from './inverted-index.ts';
import type { Adjustment } from './query.ts';
import type { ReadQuery } from './read-query.ts';
import type { TagMatch } from './tags.ts';

/** More words than these are not read. */
const MOST_TERMS = 8;

export interface Findings {
  readonly read: ReadQuery;
  readonly capability: { readonly asked: string; readonly match: TagMatch } | undefined;
  readonly parts: Explanation['parts'];
  readonly adjustment: Adjustment | undefined;
}

export function explain(document: number, findings: Findings, index: InvertedIndex): Explanation {
  const { read, capability, parts, adjustment } = findings;
  const matched = matchedTerms(document, read, index);
  const reasons: Reason[] = [];
  if (capability) {
    const { tag, match } = capability.match;
    reasons.push({ kind: 'capability', asked: capability.asked, tag, match });
  }
  if (matched.head.length > 0) reasons.push({ kind: 'terms', terms: matched.head });
  for (const { word, as } of read.readAs) {
    if (matched.all.has(as) || as.split(' ').some((part) => matched.all.has(part))) {
      reasons.push({ kind: 'read-as', word, as });
    }
  }
  if (parts.semantic > 0) reasons.push({ kind: 'meaning', similarity: Math.min(1, parts.semantic) });
  if (matched.body.length > 0) reasons.push({ kind: 'body', terms: matched.body });
  if (adjustment) reasons.push({ kind: 'adjusted', ...adjustment });
  return { reasons, parts };
}

interface Matched {
  readonly head: readonly string[];
  readonly body: readonly string[];
  readonly all: ReadonlySet<string>;
}

function matchedTerms(document: number, { terms }: ReadQuery, index: InvertedIndex): Matched {
  const head: string[] = [];
  const body: string[] = [];
  for (const { term, word } of terms) {
    const at = postingOf(index, term, document);
    if (at >= 0) (index.head[at] > 0 ? head : body).push(word);
  }
  return {
    head: head.slice(0, MOST_TERMS),
    body: body.slice(0, MOST_TERMS),
    all: new Set([...head, ...body]),
  };
}
