/**
 * Tells when something changed that the catalogue is made of.
 *
 *   plan (folders, and what matters in them) ─► one watch a folder ─► events that matter ─► quiet for a while
 *     ▲                                                                                        │
 *     └──────────────────────── folders may have come and gone ◄──────────────────────────────┴─► onChange
 *
 * Folders are watched, not files (docs/decisions/0004-watch-folders.md). New watches are set before `onChange` is
 * called, so that whatever changes after its scan began is seen. What changed between the first scan and the first
 * watches made no event: their times tell (changed-since.ts).
 */
import { watch as watchFolder } from 'node:fs';
import { changedSince } from './changed-since.ts';
import { createDebounce } from './debounce.ts';
import type { Root } from './layout.ts';
import { createPause } from './slice.ts';
import { planWatch, type WatchPlan } from './watch-plan.ts';
import { createWatchedFolders, isWatchLimit } from './watched-folders.ts';

export interface WatcherOptions {
  readonly roots: readonly Root[];
  /** Called when nothing has changed for `debounceMs`, and every ten times that while changes go on. */
  readonly onChange: () => void;
  /** When the last scan began, in milliseconds since the epoch; what changed later is told. Absent: events alone. */
  readonly since?: number;
  /** Milliseconds; 300 where absent. */
  readonly debounceMs?: number;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void };
  /** What watches a folder; `fs.watch` where absent. */
  readonly watch?: typeof watchFolder;
}

export interface Watcher {
  /** Settles when all folders are watched, or watching was given up. */
  readonly ready: Promise<void>;
  /** After it has settled `onChange` is not called any more. */
  close(): Promise<void>;
}

const DEBOUNCE = 300;

/** Never throws: a system that cannot watch is a warning, and the catalogue is as fresh as its last re-index. */
export function createWatcher(options: WatcherOptions): Watcher {
  const { roots, onChange, since, debounceMs = DEBOUNCE, log, watch = watchFolder } = options;
  const pause = createPause(() => performance.now());
  let fits = true;
  const folders = createWatchedFolders({
    watch,
    onEvent: (structure) => {
      fits &&= !structure;
      debounce.trigger();
    },
    onFailure: (error) => log?.warn(sentenceFor(error), { error: String(error) }),
  });
  const follow = async (): Promise<WatchPlan> => {
    const plan = await planWatch(roots, pause);
    folders.adjust(plan);
    return plan;
  };
  const begin = async (): Promise<void> => {
    // Whoever waits for the server does not wait for this, too.
    await new Promise(setImmediate);
    const plan = await follow();
    if (since !== undefined && (await changedSince(plan, since, pause))) debounce.trigger();
  };
  const debounce = createDebounce(debounceMs, async (isClosed) => {
    if (!fits) {
      fits = true;
      await follow();
    }
    if (!isClosed()) onChange();
  });
  const ready = begin();
  return {
    ready,
    close: async () => {
      await Promise.all([ready, debounce.close()]);
      folders.close();
    },
  };
}

function sentenceFor(error: unknown): string {
  const consequence = 'changes are seen at the next timed or requested re-index only';
  return isWatchLimit(error)
    ? `The system allows no more file watches (on Linux: fs.inotify.max_user_watches and max_user_instances); ${consequence}.`
    : `Files cannot be watched here; ${consequence}.`;
}
