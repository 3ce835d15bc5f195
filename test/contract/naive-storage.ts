/** Patterns and decisions as plain lists, counted afresh each time: what the property test compares a driver with. */
import type { ForgetWhat, NewPattern, StoredDecision, StoredPattern } from '../../src/storage/storage.ts';

type Decision = Omit<StoredDecision, 'id'>;
type Kept = Omit<NewPattern, 'learned_from'> & {
  goal: string;
  learned_from?: string | undefined;
  updated_at: number;
  pruned_at?: number;
};

export class NaiveStorage {
  #patterns: Kept[] = [];
  /** In the order in which the tasks were first recorded. */
  #decisions: Decision[] = [];

  add(pattern: NewPattern): void {
    if (!this.#find(pattern.id)) this.#patterns.push({ ...pattern, updated_at: pattern.created_at });
  }

  setPruned(id: string, at: number | undefined): void {
    const pattern = this.#find(id);
    if (!pattern) return;
    delete pattern.pruned_at;
    if (at !== undefined) pattern.pruned_at = at;
  }

  record(given: Decision, brought: NewPattern | undefined): 'new' | 'corrected' | 'same' {
    if (brought) this.add(brought);
    const pattern = this.#find(given.pattern_id);
    const decision = plain({ ...given, pattern_id: pattern?.id });
    const position = this.#decisions.findIndex(({ task_id }) => task_id === given.task_id);
    const old = this.#decisions[position];
    if (old && key(old) === key(decision)) return 'same';
    if (pattern) pattern.updated_at = Math.max(pattern.updated_at, given.at);
    if (old) this.#decisions[position] = decision;
    else this.#decisions.push(decision);
    return old ? 'corrected' : 'new';
  }

  forget({ task_id, pattern_id, before }: ForgetWhat): { patterns: number; decisions: number } {
    if (task_id === undefined && pattern_id === undefined && before === undefined) {
      return { patterns: 0, decisions: 0 };
    }
    const forgotten = this.#decisions.filter(
      (decision) =>
        (task_id === undefined || decision.task_id === task_id) &&
        (pattern_id === undefined || decision.pattern_id === pattern_id) &&
        (before === undefined || decision.at < before),
    );
    this.#decisions = this.#decisions.filter((decision) => !forgotten.includes(decision));
    const count = this.#patterns.length;
    this.#patterns = this.#patterns.filter(
      (pattern) =>
        task_id !== undefined ||
        (pattern_id !== undefined && pattern.id !== pattern_id) ||
        (before !== undefined && pattern.updated_at >= before) ||
        this.#of(pattern).length > 0,
    );
    for (const decision of forgotten) this.#forgetWords(decision);
    return { patterns: count - this.#patterns.length, decisions: forgotten.length };
  }

  /** Oldest first. */
  decisions(): Decision[] {
    return this.#decisions.toSorted((a, b) => a.at - b.at);
  }

  patterns(): StoredPattern[] {
    return this.#patterns
      .map(({ learned_from: _, ...pattern }) => ({ ...pattern, ...this.#counts(pattern) }))
      .sort(byId);
  }

  #find(id: string | undefined): Kept | undefined {
    return this.#patterns.find((pattern) => pattern.id === id);
  }

  #of({ id }: { id: string }): Decision[] {
    return this.decisions().filter(({ pattern_id }) => pattern_id === id);
  }

  #forgetWords({ task_id, task_description }: Decision): void {
    const isWorded = ({ goal, learned_from }: Kept): boolean =>
      goal === task_description || learned_from === task_id;
    this.#patterns = this.#patterns.filter((pattern) => !isWorded(pattern) || this.#of(pattern).length > 0);
    for (const pattern of this.#patterns.filter(isWorded)) {
      const newest = this.#of(pattern).at(-1);
      pattern.goal = newest?.task_description ?? pattern.goal;
      pattern.learned_from = newest?.task_id;
    }
  }

  #counts(pattern: { id: string }) {
    const decisions = this.#of(pattern);
    const count = (result: string): number =>
      decisions.filter((decision) => decision.result === result).length;
    return {
      success_count: count('success'),
      failure_count: count('failure'),
      partial_count: count('partial'),
      avg_duration_ms: mean(decisions.map(({ duration_ms }) => duration_ms)),
      avg_tokens_saved: mean(decisions.map(({ tokens_saved }) => tokens_saved)),
    };
  }
}

function mean(values: readonly (number | undefined)[]): number {
  const stated = values.filter((value) => value !== undefined);
  return stated.length === 0 ? 0 : stated.reduce((sum, value) => sum + value, 0) / stated.length;
}

function plain(decision: Decision): Decision {
  return JSON.parse(JSON.stringify(decision)) as Decision;
}

function key({ at: _, ...decision }: Decision): string {
  return JSON.stringify(Object.entries(decision).sort());
}

function byId(a: StoredPattern, b: StoredPattern): number {
  return a.id < b.id ? -1 : 1;
}
