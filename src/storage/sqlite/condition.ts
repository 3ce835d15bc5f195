/** What the owner should know about the storage at present: sentences, and whether any of them is serious. */
import type { StorageLog } from '../storage.ts';

/** One concern has at most one sentence; a later one replaces it. */
export type Concern = 'start' | 'damage' | 'disk' | 'log' | 'dropped' | 'size' | 'backup';

export interface Condition {
  /** `serious` makes the storage unsound. Logged when the concern is new. */
  raise(concern: Concern, sentence: string, serious: boolean): void;
  clear(...concerns: readonly Concern[]): void;
  warnings(): readonly string[];
  sound(): boolean;
}

export function createCondition(log: StorageLog): Condition {
  const raised = new Map<Concern, { readonly sentence: string; readonly serious: boolean }>();
  return {
    raise(concern, sentence, serious) {
      const isNews = !raised.has(concern);
      raised.set(concern, { sentence, serious });
      if (isNews) log[serious ? 'error' : 'warn'](sentence);
    },
    clear(...concerns) {
      for (const concern of concerns) raised.delete(concern);
    },
    warnings: () => [...raised.values()].map(({ sentence }) => sentence),
    sound: () => ![...raised.values()].some(({ serious }) => serious),
  };
}
