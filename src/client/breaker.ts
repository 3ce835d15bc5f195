/**
 * Circuit breaker: after a failure the server is left alone for a while that doubles, then one call tries again.
 *
 *   closed ─ failure ─► open (250 ms … 15 s, jittered) ─ time ─► half-open ─ one trial ─► closed | open
 */

const SHORTEST = 250;
const LONGEST = 15_000;

export interface Breaker {
  /** Whether a call may go out now. Where it answers true, `succeeded` or `failed` must follow. */
  allows(): boolean;
  /** Answers whether the server had been away. */
  succeeded(): boolean;
  failed(): void;
  /** Gives up a trial that told nothing, such as a call its caller took back. */
  abandoned(): void;
}

/** `clock`: milliseconds, monotonic; `random`: 0..1. */
export function createBreaker(clock: () => number, random: () => number): Breaker {
  let failures = 0;
  let closedFrom = 0;
  let trying = false;
  return {
    allows: () => {
      if (failures === 0) return true;
      if (trying || clock() < closedFrom) return false;
      trying = true;
      return true;
    },
    succeeded: () => {
      const wasAway = failures > 0;
      failures = 0;
      trying = false;
      return wasAway;
    },
    failed: () => {
      const wait = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 10));
      failures++;
      trying = false;
      closedFrom = clock() + wait * (0.75 + random() / 2);
    },
    abandoned: () => {
      trying = false;
    },
  };
}
