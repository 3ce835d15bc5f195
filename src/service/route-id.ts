/**
 * Names of answers: numbers of 53 bits in base 36.
 *
 *   a run of them begins at a random number ─► each is the one before and a random step
 *
 * The log of queries is indexed by them: those of one batch lie side by side there, so that writing it touches a few
 * pages, and not one for each row. The steps keep runs apart, and one name from giving away the next.
 */

export type RouteIds = () => string;

const RUN = 256;
const STEP_BITS = 24;

/** @param fill fills the array with random bits, such as `crypto.getRandomValues`; called once for a run */
export function createRouteIds(fill: (pool: Uint32Array<ArrayBuffer>) => void): RouteIds {
  const pool = new Uint32Array(RUN + 2);
  let next = RUN;
  let id = 0;
  return () => {
    if (next === RUN) {
      fill(pool);
      next = 0;
      id = startOf(pool[RUN], pool[RUN + 1]);
    }
    id += 1 + (pool[next++] >>> (32 - STEP_BITS));
    return id.toString(36).padStart(11, '0');
  };
}

/** 52 bits: a run that begins there stays within 53. */
function startOf(high: number, low: number): number {
  return (high >>> 12) * 2 ** 32 + low;
}
