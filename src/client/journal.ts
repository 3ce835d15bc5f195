/**
 * Decisions that could not be delivered yet: at most one for each task, the newest; bounded, oldest dropped.
 *
 * With files, each decision is a file of its own under the project's state folder, so that it outlives the process
 * and several processes can deliver without talking to each other: the server knows a task it has seen.
 */
import type { Params } from '../protocol/methods.ts';
import type { Files } from './platform.ts';

export type Decision = Params<'cacheDecision'>;

export interface Journal {
  readonly size: number;
  /** Keeps a decision in place of an older one of the same task; answers the tasks that had to be dropped. */
  put(decision: Decision): readonly string[];
  remove(taskId: string): void;
  /** Oldest first. */
  pending(): readonly Decision[];
}

/** Decisions kept at most. */
export const JOURNAL_LIMIT = 1000;

export function createMemoryJournal(limit: number = JOURNAL_LIMIT): Journal {
  const kept = new Map<string, Decision>();
  return {
    get size() {
      return kept.size;
    },
    put: (decision) => {
      kept.delete(decision.task_id);
      kept.set(decision.task_id, decision);
      const oldest = [...kept.keys()].slice(0, Math.max(0, kept.size - limit));
      for (const task of oldest) kept.delete(task);
      return oldest;
    },
    remove: (taskId) => {
      kept.delete(taskId);
    },
    pending: () => [...kept.values()],
  };
}

/** `folder` is created with the first decision. Where the disk refuses, memory keeps it. */
export function createFileJournal(files: Files, folder: string, limit: number = JOURNAL_LIMIT): Journal {
  const memory = createMemoryJournal(limit);
  let sequence = 0;
  const paths = new Map<string, string>();
  const load = (): void => {
    for (const name of files.list(folder).filter((each) => each.endsWith('.json'))) {
      const path = `${folder}/${name}`;
      const decision = readDecision(files.read(path));
      if (!decision) files.remove(path);
      else if (paths.get(decision.task_id) !== path && !paths.has(decision.task_id)) {
        paths.set(decision.task_id, path);
        memory.put(decision);
      }
    }
  };
  const drop = (taskId: string): void => {
    const path = paths.get(taskId);
    if (path) files.remove(path);
    paths.delete(taskId);
  };
  load();
  return {
    get size() {
      return memory.size;
    },
    put: (decision) => {
      drop(decision.task_id);
      const dropped = memory.put(decision);
      const path = `${folder}/${String(Date.now()).padStart(15, '0')}-${sequence++}-${hash(decision.task_id)}.json`;
      try {
        files.write(path, JSON.stringify(decision));
        paths.set(decision.task_id, path);
      } catch {
        // The disk is full or read-only: memory still has it.
      }
      for (const task of dropped) drop(task);
      return dropped;
    },
    remove: (taskId) => {
      drop(taskId);
      memory.remove(taskId);
    },
    pending: () => memory.pending(),
  };
}

function readDecision(text: string | undefined): Decision | undefined {
  try {
    const value = JSON.parse(text ?? '') as Decision;
    return typeof value?.task_id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** FNV-1a, 32 bits, as hex: part of a file's name, not a key. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16);
}
