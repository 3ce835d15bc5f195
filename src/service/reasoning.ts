/** What an answer says about itself in plain words: what was searched, what decided, what is near when nothing fits. */
import type { Snapshot } from '../catalog/snapshot.ts';
import type { KindName } from '../protocol/entities.ts';
import type { SearchAnswer } from '../search/engine.ts';
import type { Ranked } from './hit.ts';

/** Longest piece of the question that is repeated. */
const LONGEST_QUOTE = 60;
/** Under this confidence the reader is told to look twice. */
const WEAK = 0.35;
const MOST_NEAR = 3;

export interface SearchedFor {
  readonly kind: KindName;
  /** `capability 'react' and the task` */
  readonly asked: string;
  /** Sentences that come first, such as how a category was read. */
  readonly notes?: readonly string[];
}

export function reasoningOf(
  snapshot: Snapshot,
  { kind, asked, notes = [] }: SearchedFor,
  answer: SearchAnswer,
  ranked: readonly Ranked[],
): string {
  const searched = `Searched ${amountOf(answer.searched, kind)} for ${asked}${howOf(snapshot, kind)}`;
  const [best] = ranked;
  if (!best) return sentences([...notes, `${searched}: nothing fits`, nearestText(answer.nearest)]);
  const weak = answer.confidence < WEAK ? 'A weak match: read the descriptions before choosing' : '';
  return sentences([...notes, `${searched}. Best: ${best.entry.name}`, weak]);
}

export function amountOf(count: number, kind: KindName): string {
  return `${count} ${kind}${count === 1 ? '' : 's'}`;
}

export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `'${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line}'`;
}

export function nearestText(nearest: readonly { readonly name: string }[]): string {
  const names = nearest.slice(0, MOST_NEAR).map(({ name }) => name);
  return names.length > 0 ? `Nearest: ${names.join(', ')}` : '';
}

/** Each with one full stop, the empty ones left out. */
export function sentences(parts: readonly string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

function howOf(snapshot: Snapshot, kind: KindName): string {
  return snapshot.index(kind)?.semantic === false ? ' by words alone' : '';
}
