/**
 * An answer as the cache keeps it: what the log of queries is told of it, and its JSON.
 *
 *   keep(memo, value) → kept answer → complete(answer, cache_hit, route_id) → the JSON of the result
 *
 * The JSON is kept as bytes outside of the heap: nothing that the collector has to visit, nothing that a hit has to
 * encode again. It ends where the members come that differ from call to call.
 */
import { JsonText } from '../protocol/json-text.ts';

/** What the log of queries is told. */
export interface Memo {
  /** Without secrets. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Ids in the order of the answer. */
  readonly returned: readonly string[];
}

export interface KeptAnswer {
  readonly memo: Memo | undefined;
  /** JSON of an object up to the member that comes next. */
  readonly opening: Uint8Array;
}

/** What a memo takes in the heap, its texts left out. */
const BYTES_PER_MEMO = 200;

/** @param memo absent where there is no log */
export function keep(memo: Memo | undefined, value: object): KeptAnswer {
  return { memo, opening: openingOf(JSON.stringify(value)) };
}

const COMMA = 0x2c;

/** In bytes that share no memory with others, which would live as long as they do. */
function openingOf(json: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
  bytes.write(json);
  if (json === '{}') return bytes.subarray(0, 1);
  bytes[bytes.length - 1] = COMMA;
  return bytes;
}

export function sizeOf({ memo, opening }: KeptAnswer): number {
  return opening.length + (memo ? BYTES_PER_MEMO + textLength(memo) : 0);
}

/** The ids are texts of the catalogue. */
function textLength({ params }: Memo): number {
  let length = 0;
  for (const value of Object.values(params)) if (typeof value === 'string') length += value.length;
  return length;
}

/** Adds the members that differ from call to call. @param routeId absent where the result names none */
export function complete({ opening }: KeptAnswer, hit: boolean, routeId: string | undefined): JsonText {
  const route = routeId === undefined ? '' : `,"route_id":"${routeId}"`;
  return new JsonText(opening, `"cache_hit":${hit}${route}}`);
}
