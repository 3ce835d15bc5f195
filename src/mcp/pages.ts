/**
 * Pages of long lists. A cursor names the item before the page, so that what is added or removed elsewhere never
 * shifts it: lists are sorted by their key.
 */

const PAGE = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** Undefined where the cursor is none of ours. */
export function pageOf<T>(
  sorted: readonly T[],
  cursor: string | undefined,
  keyOf: (item: T) => string,
  size = PAGE,
): Page<T> | undefined {
  const after = cursor === undefined ? '' : keyIn(cursor);
  if (after === undefined) return undefined;
  const from = cursor === undefined ? 0 : sorted.findIndex((item) => keyOf(item) > after);
  if (from < 0) return { items: [] };
  const items = sorted.slice(from, from + size);
  const last = items.at(-1);
  const more = from + items.length < sorted.length && last !== undefined;
  return more ? { items, nextCursor: Buffer.from(`>${keyOf(last)}`).toString('base64url') } : { items };
}

function keyIn(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  return text.startsWith('>') ? text.slice(1) : undefined;
}

/** In order of code units, as cursors compare. */
export function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
