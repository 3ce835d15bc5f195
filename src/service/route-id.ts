/** Names of answers: 53 random bits in base 36, taken from a pool so that a call costs no system call. */

export type RouteIds = () => string;

const POOL = 512;

/** @param fill fills the array with random bits, such as `crypto.getRandomValues` */
export function createRouteIds(fill: (pool: Uint32Array<ArrayBuffer>) => void): RouteIds {
  const pool = new Uint32Array(POOL);
  let next = POOL;
  return () => {
    if (next >= POOL) {
      fill(pool);
      next = 0;
    }
    const high = pool[next++] >>> 11;
    const low = pool[next++];
    return (high * 2 ** 32 + low).toString(36).padStart(11, '0');
  };
}
