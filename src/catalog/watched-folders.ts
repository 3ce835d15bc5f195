/** The watches of a plan: one a folder, set and taken away as folders come and go. */
import type { FSWatcher, watch } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { WatchPlan } from './watch-plan.ts';

export interface WatchedFoldersOptions {
  readonly watch: typeof watch;
  /** Something that matters happened; `structure`: folders may have come or gone. */
  readonly onEvent: (structure: boolean) => void;
  /** The system cannot watch (any more); nothing is watched from then on. */
  readonly onFailure: (error: unknown) => void;
}

export interface WatchedFolders {
  /** Watches the folders of this plan and no others. */
  adjust(plan: WatchPlan): void;
  close(): void;
}

export function createWatchedFolders(options: WatchedFoldersOptions): WatchedFolders {
  const watchers = new Map<string, FSWatcher>();
  let plan: WatchPlan = new Map();
  let closed = false;
  const forget = (folder: string): void => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(folder + sep)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const close = (): void => {
    closed = true;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
  const fail = (folder: string, error: unknown): void => {
    if (closed) return;
    forget(folder);
    // Gone again, which the folder around it tells, or not ours to see.
    if (['ENOENT', 'ENOTDIR', 'EPERM', 'EACCES'].includes(codeOf(error))) return;
    close();
    options.onFailure(error);
  };
  const event = (folder: string, type: string, name: string | null): void => {
    const structure = type === 'rename';
    // A folder that is moved or deleted says so under its own name.
    const itself = structure && name === basename(folder);
    if (itself) forget(folder);
    if (structure && name !== null) forget(join(folder, name));
    if (itself || name === null || plan.get(folder)?.(name)) options.onEvent(structure);
  };
  const add = (folder: string): void => {
    try {
      const watcher = options.watch(folder, { persistent: false }, (type, name) => event(folder, type, name));
      watcher.on('error', (error) => fail(folder, error));
      watchers.set(folder, watcher);
    } catch (error) {
      fail(folder, error);
    }
  };
  return {
    adjust: (next) => {
      plan = next;
      for (const folder of [...watchers.keys()]) if (!next.has(folder)) forget(folder);
      for (const folder of next.keys()) if (!closed && !watchers.has(folder)) add(folder);
    },
    close,
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** ENOSPC: watches of the user; EMFILE, ENFILE: instances or open files. */
export function isWatchLimit(error: unknown): boolean {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes(codeOf(error));
}
