/**
 * How a program that runs until it is told is asked to end: SIGTERM, SIGINT and SIGHUP (on Windows: Ctrl+C, Ctrl+Break, a
 * closed console). The second request, or a stop that takes too long, ends the process at once.
 */

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK'] as const;
/** Draining takes ten seconds at most; what hangs longer is cut. */
const PATIENCE_MS = 15_000;

export interface Ending {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  /** Stops listening for signals. */
  release(): void;
}

export function listenForEnd(): Ending {
  let count = 0;
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const onSignal = (): void => {
    count++;
    if (count > 1) process.exit(1);
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    answer();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    asked,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
