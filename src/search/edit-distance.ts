/**
 * Edit distance with transpositions of neighbours (optimal string alignment), bounded.
 *
 * Works on UTF-16 code units: the words compared here are short and already folded.
 */

/** Words longer than this compare by their beginning; keeps hostile input linear. */
const LONGEST = 256;

const rows = [
  new Uint16Array(LONGEST + 1),
  new Uint16Array(LONGEST + 1),
  new Uint16Array(LONGEST + 1),
] as const;

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
 * Anything above `max` is answered as `max + 1`.
 */
export function distance(a: string, b: string, max: number = LONGEST): number {
  if (a === b) return 0;
  const [left, right] = a.length <= b.length ? [cut(a), cut(b)] : [cut(b), cut(a)];
  if (right.length - left.length > max) return max + 1;
  if (left.length === 0) return Math.min(right.length, max + 1);
  return Math.min(align(left, right, max), max + 1);
}

function cut(word: string): string {
  return word.length > LONGEST ? word.slice(0, LONGEST) : word;
}

function align(a: string, b: string, max: number): number {
  let [before, previous, current] = [rows[0], rows[1], rows[2]];
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const best = fillRow(a, b, i, before, previous, current);
    if (best > max) return max + 1;
    [before, previous, current] = [previous, current, before];
  }
  return previous[b.length];
}

/** Fills row `i` of the table and returns its smallest cell. */
function fillRow(
  a: string,
  b: string,
  i: number,
  before: Uint16Array,
  previous: Uint16Array,
  current: Uint16Array,
): number {
  const letter = a.charCodeAt(i - 1);
  current[0] = i;
  let best = i;
  for (let j = 1; j <= b.length; j++) {
    const other = b.charCodeAt(j - 1);
    let cost = previous[j - 1] + (letter === other ? 0 : 1);
    if (previous[j] + 1 < cost) cost = previous[j] + 1;
    if (current[j - 1] + 1 < cost) cost = current[j - 1] + 1;
    const swapped = i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other;
    if (swapped && before[j - 2] + 1 < cost) cost = before[j - 2] + 1;
    current[j] = cost;
    if (cost < best) best = cost;
  }
  return best;
}

/** 1 for equal words, 0 for words that share nothing: 1 − distance / length of the longer. */
export function similarity(a: string, b: string): number {
  const longer = Math.min(Math.max(a.length, b.length), LONGEST);
  return longer === 0 ? 1 : 1 - distance(a, b) / longer;
}
