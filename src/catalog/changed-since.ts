/** Whether something that a watch plan looks at changed before its watches were set. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchPlan } from './watch-plan.ts';

/** Milliseconds: the coarsest clock of a file system. What changed at a time may carry one that much earlier. */
export const COARSEST_CLOCK = 2000;

/**
 * Opens no file. True for too much rather than too little: a folder counts as changed whatever came or went in it.
 * @param since milliseconds since the epoch
 * @param pause lets others run, called often
 */
export async function changedSince(
  plan: WatchPlan,
  since: number,
  pause: () => Promise<void>,
): Promise<boolean> {
  for (const [folder, wanted] of plan) {
    const places = [
      folder,
      ...namesIn(folder)
        .filter(wanted)
        .map((name) => join(folder, name)),
    ];
    if (places.some((place) => changedMs(place) >= since - COARSEST_CLOCK)) return true;
    await pause();
  }
  return false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What went away meanwhile changed the folder it was in. */
function changedMs(place: string): number {
  try {
    return lstatSync(place, { throwIfNoEntry: false })?.ctimeMs ?? 0;
  } catch {
    return 0;
  }
}
