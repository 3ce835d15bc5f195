/** Many events, one run: after they have stopped for a while, and now and then while they do not stop. */

export interface Debounce {
  trigger(): void;
  /** Nothing starts any more; settles when a run that has begun has ended. */
  close(): Promise<void>;
}

/** While events go on, a run comes at the latest after this many times the quiet that is waited for. */
const LONGEST_WAIT = 10;

/** @param run is told by `isClosed` that nobody waits for it any more; runs never overlap; must not reject */
export function createDebounce(
  milliseconds: number,
  run: (isClosed: () => boolean) => Promise<void>,
): Debounce {
  let quiet: NodeJS.Timeout | undefined;
  let latest: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  const clear = (): void => {
    clearTimeout(quiet);
    clearTimeout(latest);
    latest = undefined;
  };
  const fire = (): void => {
    clear();
    running = running.then(() => run(() => closed));
  };
  return {
    trigger: () => {
      if (closed) return;
      clearTimeout(quiet);
      quiet = setTimeout(fire, milliseconds);
      latest ??= setTimeout(fire, LONGEST_WAIT * milliseconds);
    },
    close: async () => {
      closed = true;
      clear();
      await running;
    },
  };
}
