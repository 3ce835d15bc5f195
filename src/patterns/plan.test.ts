import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallsheetError } from '../protocol/errors.ts';
import { faultsOf, levels, type PlanDraft, planOf } from './plan.ts';

/** Acyclic by construction: a member may wait only for earlier ones; then the sequence is shuffled. */
const acyclic = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const names = Array.from({ length: size }, (_, at) => `agent-${at}`);
  const waits = names.map((_, at) => fc.subarray(names.slice(0, at)));
  return fc
    .tuple(fc.shuffledSubarray(names, { minLength: size }), fc.tuple(...waits))
    .map(([sequence, lists]) => ({
      agent_sequence: sequence,
      dependencies: Object.fromEntries(names.map((name, at) => [name, lists[at] ?? []])),
    }));
});

const faultOf = (draft: PlanDraft): string => faultsOf(draft).join('\n');

describe('planOf', () => {
  it('groups the example of the design', () => {
    const plan = planOf({
      agent_sequence: ['security-auditor', 'backend-developer', 'test-engineer'],
      dependencies: { 'backend-developer': ['security-auditor'], 'test-engineer': ['backend-developer'] },
    });
    expect(plan.parallel_groups).toEqual([['security-auditor'], ['backend-developer'], ['test-engineer']]);
  });

  it('puts independent members side by side', () => {
    const plan = planOf({ agent_sequence: ['a', 'b', 'c'], dependencies: { c: ['a', 'b', 'a'] } });
    expect(plan).toEqual({
      agent_sequence: ['a', 'b', 'c'],
      dependencies: { c: ['a', 'b'] },
      parallel_groups: [['a', 'b'], ['c']],
    });
  });

  it('takes groups without dependencies as barriers', () => {
    const plan = planOf({ agent_sequence: ['a', 'b', 'c'], parallel_groups: [['a'], ['b', 'c']] });
    expect(plan.dependencies).toEqual({ b: ['a'], c: ['a'] });
    expect(levels(plan.agent_sequence, plan.dependencies)).toEqual(plan.parallel_groups);
  });

  it('accepts a schedule that starts a member later than it could', () => {
    const draft = {
      agent_sequence: ['a', 'b', 'c'],
      dependencies: { b: ['a'] },
      parallel_groups: [['a'], ['b', 'c']],
    };
    expect(planOf(draft).parallel_groups).toEqual(draft.parallel_groups);
  });

  it('throws invalid params with every fault', () => {
    const attempt = (): unknown => planOf({ agent_sequence: ['a'], dependencies: { a: ['b'], c: ['a'] } });
    expect(attempt).toThrow(CallsheetError);
    try {
      attempt();
    } catch (error) {
      expect((error as CallsheetError).kind).toBe('invalid_params');
      expect((error as CallsheetError).data?.validation_errors).toHaveLength(2);
    }
  });

  it('treats names of object members as names', () => {
    const plan = planOf({
      agent_sequence: ['constructor', '__proto__', 'a'],
      dependencies: { a: ['constructor'] },
    });
    expect(plan.parallel_groups).toEqual([['constructor', '__proto__'], ['a']]);
  });

  it('property: derived groups hold every member once, after all it waits for, and not later than needed', () => {
    fc.assert(
      fc.property(acyclic, (draft) => {
        const plan = planOf(draft);
        const groupOf = new Map(
          plan.parallel_groups.flatMap((group, at) => group.map((name) => [name, at] as const)),
        );
        expect([...groupOf.keys()].sort()).toEqual([...draft.agent_sequence].sort());
        for (const name of draft.agent_sequence) {
          const waits = draft.dependencies[name] ?? [];
          const deepest = Math.max(-1, ...waits.map((other) => groupOf.get(other) ?? 0));
          expect(groupOf.get(name)).toBe(deepest + 1);
        }
        expect(planOf({ ...draft, parallel_groups: plan.parallel_groups })).toEqual(plan);
      }),
    );
  });

  it('property: closing a path into a ring is refused as a cycle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), (size) => {
        const names = Array.from({ length: size }, (_, at) => `agent-${at}`);
        const ring = Object.fromEntries(names.map((name, at) => [name, [names[(at + 1) % size] ?? name]]));
        expect(faultOf({ agent_sequence: names, dependencies: ring })).toMatch(/^dependencies: .*cycle/);
      }),
    );
  });
});

describe('faultsOf', () => {
  it.each([
    ['an empty sequence', { agent_sequence: [] }, /^agent_sequence: /],
    ['a member twice', { agent_sequence: ['a', 'a'] }, /^agent_sequence: 'a'/],
    ['an unknown key', { agent_sequence: ['a'], dependencies: { b: ['a'] } }, /^dependencies: 'b'/],
    ['an unknown value', { agent_sequence: ['a'], dependencies: { a: ['b'] } }, /^dependencies\.a: 'b'/],
    [
      'self-reference',
      { agent_sequence: ['a'], dependencies: { a: ['a'] } },
      /^dependencies\.a: waits for itself/,
    ],
    [
      'an unknown member of a group',
      { agent_sequence: ['a'], parallel_groups: [['a', 'x']] },
      /^parallel_groups\[0\]: 'x'/,
    ],
    ['an empty group', { agent_sequence: ['a'], parallel_groups: [['a'], []] }, /^parallel_groups\[1\]/],
    [
      'a member in two groups',
      { agent_sequence: ['a'], parallel_groups: [['a'], ['a']] },
      /grouped more than once/,
    ],
    [
      'a member in no group',
      { agent_sequence: ['a', 'b'], parallel_groups: [['a']] },
      /'b' .* is in no group/,
    ],
    [
      'groups against the dependencies',
      { agent_sequence: ['a', 'b'], dependencies: { a: ['b'] }, parallel_groups: [['a'], ['b']] },
      /^parallel_groups\[0\]: 'a' waits for 'b'/,
    ],
  ] satisfies [string, PlanDraft, RegExp][])('names the field of %s', (_, draft, expected) => {
    expect(faultOf(draft)).toMatch(expected);
  });

  it('says which members form the cycle', () => {
    const dependencies = { a: ['b'], b: ['c'], c: ['b'], d: ['a'] };
    expect(faultOf({ agent_sequence: ['a', 'b', 'c', 'd'], dependencies })).toContain(
      "'b' waits for 'c' waits for 'b'",
    );
  });
});
