/**
 * A plan is a directed acyclic graph of agents: who waits for whom.
 *
 *   sequence + dependencies (+ groups) → faults, or a plan whose groups are a schedule of the graph
 *
 * Names are compared as they are; resolving them against the catalogue is the caller's affair.
 */
import { CallsheetError } from '../protocol/errors.ts';

export interface PlanDraft {
  readonly agent_sequence: readonly string[];
  readonly dependencies?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly parallel_groups?: readonly (readonly string[])[] | undefined;
}

export interface Plan {
  readonly agent_sequence: string[];
  /** Member → members that must have finished before it starts; members that wait for nobody are left out. */
  readonly dependencies: Record<string, string[]>;
  /** Every member once, each after all it waits for; one group can run at the same time. */
  readonly parallel_groups: string[][];
}

/**
 * Checks a draft and completes it: groups that are absent are the topological levels of the dependencies;
 * where only groups are given, each member waits for the whole group before its own.
 * @throws CallsheetError `invalid_params`, `data.validation_errors` naming the field of every fault.
 */
export function planOf(draft: PlanDraft): Plan {
  const faults = faultsOf(draft);
  if (faults.length > 0) {
    throw new CallsheetError('invalid_params', faults[0], { validation_errors: faults });
  }
  const agent_sequence = [...draft.agent_sequence];
  const dependencies = tidy(agent_sequence, draft.dependencies ?? barriers(draft.parallel_groups ?? []));
  const parallel_groups = draft.parallel_groups?.map((group) => [...group]);
  return {
    agent_sequence,
    dependencies,
    parallel_groups: parallel_groups ?? levels(agent_sequence, dependencies),
  };
}

/** One sentence a fault, each beginning with the field; empty for a sound draft. */
export function faultsOf(draft: PlanDraft): string[] {
  const sequence = faultsOfSequence(draft.agent_sequence);
  if (sequence.length > 0) return sequence;
  const members = new Set(draft.agent_sequence);
  const named = faultsOfNames(draft, members);
  if (named.length > 0) return named;
  const dependencies = edges(draft.dependencies ?? {});
  const cycle = cycleIn(draft.agent_sequence, dependencies);
  if (cycle) return [`dependencies: '${cycle.join("' waits for '")}': a cycle can never start`];
  return draft.parallel_groups
    ? faultsOfGroups(draft.parallel_groups, draft.agent_sequence, dependencies)
    : [];
}

/**
 * Topological levels (Kahn 1962, level by level): level 0 waits for nobody, each member is one level below the
 * deepest it waits for. Members keep the order of the sequence. A cycle's members are left out.
 */
export function levels(
  sequence: readonly string[],
  dependencies: Readonly<Record<string, readonly string[]>>,
): string[][] {
  const waitsFor = edges(dependencies);
  const open = new Map(sequence.map((member) => [member, new Set(waitsFor.get(member) ?? [])]));
  const groups: string[][] = [];
  while (open.size > 0) {
    const ready = [...open].filter(([, waits]) => waits.size === 0).map(([member]) => member);
    if (ready.length === 0) break;
    for (const member of ready) open.delete(member);
    for (const waits of open.values()) for (const member of ready) waits.delete(member);
    groups.push(ready);
  }
  return groups;
}

/** Own members only: a name such as `constructor` is a name like any other. */
function edges(dependencies: Readonly<Record<string, readonly string[]>>): Map<string, readonly string[]> {
  return new Map(Object.entries(dependencies));
}

function faultsOfSequence(sequence: readonly string[]): string[] {
  if (sequence.length === 0) return ['agent_sequence: names no agent'];
  const twice = [...new Set(sequence.filter((member, at) => sequence.indexOf(member) !== at))];
  return twice.map((member) => `agent_sequence: '${member}' appears more than once`);
}

function faultsOfNames(draft: PlanDraft, members: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [member, waits] of Object.entries(draft.dependencies ?? {})) {
    if (!members.has(member)) faults.push(`dependencies: '${member}' is not in agent_sequence`);
    for (const other of new Set(waits)) {
      if (other === member) faults.push(`dependencies.${member}: waits for itself`);
      else if (!members.has(other))
        faults.push(`dependencies.${member}: '${other}' is not in agent_sequence`);
    }
  }
  for (const [at, group] of (draft.parallel_groups ?? []).entries()) {
    for (const member of group) {
      if (!members.has(member)) faults.push(`parallel_groups[${at}]: '${member}' is not in agent_sequence`);
    }
  }
  return faults;
}

function faultsOfGroups(
  groups: readonly (readonly string[])[],
  sequence: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): string[] {
  const faults: string[] = [];
  const groupOf = new Map<string, number>();
  for (const [at, group] of groups.entries()) {
    if (group.length === 0) faults.push(`parallel_groups[${at}]: is empty`);
    for (const member of group) {
      if (groupOf.has(member)) faults.push(`parallel_groups[${at}]: '${member}' is grouped more than once`);
      groupOf.set(member, at);
    }
  }
  for (const member of sequence) {
    const own = groupOf.get(member);
    if (own === undefined) faults.push(`parallel_groups: '${member}' of agent_sequence is in no group`);
    for (const other of dependencies.get(member) ?? []) {
      if (own !== undefined && (groupOf.get(other) ?? -1) >= own) {
        faults.push(
          `parallel_groups[${own}]: '${member}' waits for '${other}', which is not in an earlier group`,
        );
      }
    }
  }
  return faults;
}

/** The members of one cycle, the first repeated at the end; undefined in an acyclic graph. */
function cycleIn(
  sequence: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const sorted = new Set(levels(sequence, Object.fromEntries(dependencies)).flat());
  const start = sequence.find((member) => !sorted.has(member));
  if (start === undefined) return undefined;
  // Every member left over waits for another one left over, so walking on must come round.
  const path = [start];
  for (;;) {
    const last = path[path.length - 1] ?? start;
    const next = (dependencies.get(last) ?? []).find((member) => !sorted.has(member)) ?? start;
    const seen = path.indexOf(next);
    if (seen >= 0) return [...path.slice(seen), next];
    path.push(next);
  }
}

function barriers(groups: readonly (readonly string[])[]): Record<string, string[]> {
  const pairs = groups.flatMap((group, at) =>
    group.map((member) => [member, [...(groups[at - 1] ?? [])]] as [string, string[]]),
  );
  return Object.fromEntries(pairs);
}

function tidy(
  sequence: readonly string[],
  dependencies: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> {
  const waitsFor = edges(dependencies);
  const pairs = sequence.map(
    (member) => [member, [...new Set(waitsFor.get(member) ?? [])]] as [string, string[]],
  );
  return Object.fromEntries(pairs.filter(([, waits]) => waits.length > 0));
}
