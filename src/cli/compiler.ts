/**
 * The engine's optimising compiler, kept out of a start: what a start runs often it never runs again, and the compiler
 * alone makes megabytes of the engine's own code resident, which a server that nobody asks anything does without.
 */
import { setFlagsFromString } from 'node:v8';

/** A start that takes longer, in milliseconds, has much to work out, such as a first one. */
const LONGEST_START = 1000;
/** Long enough for the work that follows a start: the registry, the watches. Milliseconds. */
const AFTER_START = 1500;

export interface OptimisingCompiler {
  /** The start is over: from a moment later on the compiler takes part. */
  started(): void;
}

/** From now on hot code is not optimised, until a moment after `started`, or for as long as a start should take. */
export function withoutOptimising(): OptimisingCompiler {
  setFlagsFromString('--no-opt');
  const onAgain = (delay: number): NodeJS.Timeout =>
    setTimeout(() => setFlagsFromString('--opt'), delay).unref();
  const long = onAgain(LONGEST_START);
  return {
    started: () => {
      clearTimeout(long);
      onAgain(AFTER_START);
    },
  };
}
