/** Long work in short pieces: whoever calls the pause often enough never holds the event loop for long. */

/** Milliseconds of work between two pauses. */
const SLICE = 8;

/** A function that lets others run when this task has run for a slice, and returns at once before that. */
export function createPause(clock: () => number): () => Promise<void> {
  let started = clock();
  return async () => {
    if (clock() - started < SLICE) return;
    await new Promise((resume) => setImmediate(resume));
    started = clock();
  };
}
