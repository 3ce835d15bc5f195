/** Long work in short pieces: whoever calls the pause often enough never holds the event loop for long. */

/** Milliseconds of work between two pauses. */
const SLICE = 8;

/**
 * A function that returns at once until a slice of work is done, and then lets others run. Workers that share it
 * share the slice: of those that wait, only as many go on as there is room for in the next one.
 */
export function createPause(clock: () => number): () => Promise<void> {
  let started = clock();
  let turn: Promise<void> | undefined;
  const nextTurn = (): Promise<void> => {
    turn ??= new Promise((resume) => {
      setImmediate(() => {
        started = clock();
        turn = undefined;
        resume();
      });
    });
    return turn;
  };
  return async () => {
    while (clock() - started >= SLICE) await nextTurn();
  };
}
