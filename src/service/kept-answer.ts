/**
 * An answer as the cache keeps it, two lines of JSON: what the log of queries is told of it, and the answer itself.
 *
 *   keep(memo, value) → text → readKept → memo, and complete(answer, cache_hit, route_id) → the JSON of the result
 *
 * JSON has no line ends of its own. A hit parses the short line alone; the long one is sent on as it is.
 */

/** What the log of queries is told. */
export interface Memo {
  /** Without secrets. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Ids in the order of the answer. */
  readonly returned: readonly string[];
}

export interface KeptAnswer {
  readonly memo: Memo | undefined;
  /** JSON of an object. */
  readonly answer: string;
}

/** @param memo absent where there is no log */
export function keep(memo: Memo | undefined, value: object): string {
  return `${memo ? JSON.stringify(memo) : ''}\n${JSON.stringify(value)}`;
}

/** @param kept what `keep` gave */
export function readKept(kept: string): KeptAnswer {
  const end = kept.indexOf('\n');
  return {
    memo: end === 0 ? undefined : (JSON.parse(kept.slice(0, end)) as Memo),
    answer: kept.slice(end + 1),
  };
}

/** Adds the members that differ from call to call. @param routeId absent where the result names none */
export function complete(answer: string, hit: boolean, routeId: string | undefined): string {
  const open = answer === '{}' ? '{' : `${answer.slice(0, -1)},`;
  return `${open}"cache_hit":${hit}${routeId === undefined ? '' : `,"route_id":"${routeId}"`}}`;
}
