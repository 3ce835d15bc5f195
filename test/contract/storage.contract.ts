/**
 * What every driver of the storage port must do. A driver's test calls `storageContract` with a way to open it.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage, StoredDecision } from '../../src/storage/storage.ts';
import { decision, pattern, query, start } from '../storage/records.ts';
import { NaiveStorage } from './naive-storage.ts';

/** One store: what is written through one opening is found by the next. */
export interface StorageUnderTest {
  open(): Promise<Storage>;
  /** Removes the store; every opening has been closed before. */
  remove(): Promise<void>;
}

export function storageContract(name: string, create: () => Promise<StorageUnderTest>): void {
  describe(`storage: ${name}`, () => {
    let store: StorageUnderTest;
    let storage: Storage;
    beforeEach(async () => {
      store = await create();
      storage = await store.open();
    });
    afterEach(async () => {
      await storage.close();
      await store.remove();
    });
    const reopen = async (): Promise<void> => {
      await storage.close();
      storage = await store.open();
    };

    describe('query log', () => {
      it('finds a route while it is buffered, when it is written and after reopening', async () => {
        storage.logQuery(query('r1'));
        expect(await storage.route('r1')).toEqual(query('r1'));
        await storage.flush();
        expect(await storage.route('r1')).toEqual(query('r1'));
        await reopen();
        expect(await storage.route('r1')).toEqual(query('r1'));
        expect(await storage.route('r2')).toBeUndefined();
      });

      it('writes what is buffered when it closes, more than a batch too', async () => {
        for (let i = 0; i < 1_000; i++) storage.logQuery(query(`r${i}`));
        await reopen();
        expect(storage.stats().queries).toBe(1_000);
        expect(await storage.route('r999')).toEqual(query('r999'));
      });

      it('counts buffered rows', () => {
        storage.logQuery(query('r1'));
        expect(storage.stats().queries).toBe(1);
      });

      it('keeps text as it is', async () => {
        const odd = query('r1', { params: { context: 'quote \' " \\ \u0000 λ 漢字 🦀 %s ; DROP TABLE x' } });
        storage.logQuery(odd);
        await reopen();
        expect(await storage.route('r1')).toEqual(odd);
      });
    });

    describe('patterns', () => {
      it('gives back what it was given, without counts at first', async () => {
        const stored = await storage.addPattern(pattern('p1'));
        const counts = {
          success_count: 0,
          failure_count: 0,
          partial_count: 0,
          avg_duration_ms: 0,
          avg_tokens_saved: 0,
        };
        expect(stored).toEqual({ ...pattern('p1'), ...counts, updated_at: start });
        await reopen();
        expect(await storage.pattern('p1')).toEqual(stored);
        expect(await storage.patterns()).toEqual([stored]);
        expect(await storage.pattern('p2')).toBeUndefined();
      });

      it('leaves a known id as it is', async () => {
        const first = await storage.addPattern(pattern('p1'));
        expect(await storage.addPattern(pattern('p1', { goal: 'another' }))).toEqual(first);
      });

      it('retires and takes back', async () => {
        await storage.addPattern(pattern('p1'));
        await storage.addPattern(pattern('p2'));
        await storage.setPruned(['p1', 'unknown'], start + 5);
        expect((await storage.pattern('p1'))?.pruned_at).toBe(start + 5);
        expect((await storage.pattern('p2'))?.pruned_at).toBeUndefined();
        await storage.setPruned(['p1'], undefined);
        expect(await storage.pattern('p1')).not.toHaveProperty('pruned_at');
      });
    });

    describe('decisions', () => {
      const full = decision('t1', {
        duration_ms: 1_000,
        tokens_saved: 50,
        route_id: 'r1',
        pattern_id: 'p1',
        source: 'hook',
        certainty: 0.75,
      });

      it('stores a decision with a new pattern and counts it', async () => {
        const recorded = await storage.recordDecision(full, pattern('p1'));
        expect(recorded).toMatchObject({ pattern_id: 'p1', change: 'new' });
        await reopen();
        expect(await storage.decision('t1')).toEqual({ ...full, id: recorded.decision_id });
        expect(await storage.pattern('p1')).toMatchObject({
          success_count: 1,
          avg_duration_ms: 1_000,
          avg_tokens_saved: 50,
        });
        expect(await storage.decision('t2')).toBeUndefined();
      });

      it('leaves out what was not stated', async () => {
        const { decision_id } = await storage.recordDecision(decision('t1'));
        expect(await storage.decision('t1')).toStrictEqual({ ...decision('t1'), id: decision_id });
      });

      it('changes nothing for the same again, whenever it is said', async () => {
        const first = await storage.recordDecision(full, pattern('p1'));
        const before = await storage.pattern('p1');
        const again = await storage.recordDecision({ ...full, at: start + 99 }, pattern('p1'));
        expect(again).toEqual({ ...first, change: 'same' });
        expect(await storage.pattern('p1')).toEqual(before);
        expect((await storage.decision('t1'))?.at).toBe(start);
      });

      it.each([
        ['result', { result: 'failure' }],
        ['description', { task_description: 'something else' }],
        ['agents', { agents_used: ['developer', 'architect'] }],
        ['duration', { duration_ms: 2_000 }],
        ['tokens', { tokens_saved: undefined }],
        ['route', { route_id: 'r2' }],
        ['source', { source: 'person' }],
        ['certainty', { certainty: 0.5 }],
      ] as const)('takes another %s for a correction with the same id', async (_, change) => {
        const first = await storage.recordDecision(full, pattern('p1'));
        const corrected = await storage.recordDecision({ ...full, ...change });
        expect(corrected).toEqual({ ...first, change: 'corrected' });
        expect(await storage.decision('t1')).toMatchObject({ id: first.decision_id, ...definedOf(change) });
        expect(storage.stats().decisions).toBe(1);
      });

      it('moves the counts when a correction names another pattern', async () => {
        await storage.recordDecision(full, pattern('p1'));
        await storage.recordDecision({ ...full, pattern_id: 'p2', result: 'partial' }, pattern('p2'));
        expect(await storage.pattern('p1')).toMatchObject({ success_count: 0, avg_duration_ms: 0 });
        expect(await storage.pattern('p2')).toMatchObject({ partial_count: 1, avg_duration_ms: 1_000 });
      });

      it('stores a decision for an unknown pattern without one', async () => {
        const recorded = await storage.recordDecision(full);
        expect(recorded.pattern_id).toBeUndefined();
        expect(await storage.decision('t1')).not.toHaveProperty('pattern_id');
      });

      it('averages over those decisions that state the member', async () => {
        await storage.recordDecision(decision('t1', { pattern_id: 'p1', duration_ms: 100 }), pattern('p1'));
        await storage.recordDecision(decision('t2', { pattern_id: 'p1', duration_ms: 201 }));
        await storage.recordDecision(decision('t3', { pattern_id: 'p1', tokens_saved: 7 }));
        expect(await storage.pattern('p1')).toMatchObject({
          success_count: 3,
          avg_duration_ms: 150.5,
          avg_tokens_saved: 7,
        });
      });

      it('answers the newest, oldest first', async () => {
        for (const [task, at] of [
          ['t1', 3],
          ['t2', 1],
          ['t3', 2],
        ] as const) {
          await storage.recordDecision(decision(task, { at: start + at }));
        }
        const tasks = async (limit: number) => (await storage.decisions(limit)).map(({ task_id }) => task_id);
        expect(await tasks(2)).toEqual(['t3', 't1']);
        expect(await tasks(9)).toEqual(['t2', 't3', 't1']);
        expect(await tasks(0)).toEqual([]);
      });
    });

    describe('forgetting', () => {
      beforeEach(async () => {
        storage.logQuery(query('r1', { at: start }));
        storage.logQuery(query('r2', { at: start + 20 }));
        await storage.recordDecision(
          decision('t1', { pattern_id: 'p1', route_id: 'r1', at: start }),
          pattern('p1'),
        );
        await storage.recordDecision(decision('t2', { pattern_id: 'p1', route_id: 'r2', at: start + 20 }));
      });

      it('forgets a task, the query that led to it and its count', async () => {
        expect(await storage.forget({ task_id: 't1' })).toEqual({ queries: 1, patterns: 0, decisions: 1 });
        expect(await storage.decision('t1')).toBeUndefined();
        expect(await storage.route('r1')).toBeUndefined();
        expect(await storage.route('r2')).toBeDefined();
        expect(await storage.pattern('p1')).toMatchObject({ success_count: 1 });
        expect(storage.stats()).toMatchObject({ queries: 1, patterns: 1, decisions: 1 });
      });

      it('forgets a pattern with its decisions', async () => {
        expect(await storage.forget({ pattern_id: 'p1' })).toEqual({ queries: 2, patterns: 1, decisions: 2 });
        expect(await storage.patterns()).toEqual([]);
        expect(await storage.decisions(9)).toEqual([]);
      });

      it('forgets what is older', async () => {
        expect(await storage.forget({ before: start + 20 })).toEqual({
          queries: 1,
          patterns: 0,
          decisions: 1,
        });
        expect(await storage.decision('t2')).toBeDefined();
        expect(await storage.forget({ before: start + 21 })).toEqual({
          queries: 1,
          patterns: 1,
          decisions: 1,
        });
      });

      it('wants everything given to hold', async () => {
        const nothing = { queries: 0, patterns: 0, decisions: 0 };
        expect(await storage.forget({ task_id: 't2', before: start + 20 })).toEqual(nothing);
        expect(await storage.forget({ task_id: 't1', pattern_id: 'p2' })).toEqual(nothing);
        expect(await storage.forget({ task_id: 't1', pattern_id: 'p1' })).toMatchObject({ decisions: 1 });
      });

      it('removes nothing when nothing is named', async () => {
        expect(await storage.forget({})).toEqual({ queries: 0, patterns: 0, decisions: 0 });
        expect(storage.stats()).toMatchObject({ queries: 2, patterns: 1, decisions: 2 });
      });

      it('keeps no pattern in the words of a forgotten task', async () => {
        const words = { goal: 'do t3' };
        await storage.recordDecision(decision('t3', { pattern_id: 'p3' }), pattern('p3', words));
        await storage.recordDecision(decision('t4', { pattern_id: 'p3' }));
        await storage.forget({ task_id: 't3' });
        expect(await storage.pattern('p3')).toMatchObject({ goal: 'do t4', success_count: 1 });
        expect(await storage.forget({ task_id: 't4' })).toMatchObject({ patterns: 1 });
        expect(await storage.pattern('p3')).toBeUndefined();
      });

      it('keeps no pattern in the words of the question that led to a forgotten task', async () => {
        const words = { goal: 'the words of a question', learned_from: 't3' };
        await storage.recordDecision(decision('t3', { pattern_id: 'p3' }), pattern('p3', words));
        await storage.recordDecision(decision('t4', { pattern_id: 'p3' }));
        await storage.forget({ task_id: 't3' });
        expect(await storage.pattern('p3')).toMatchObject({ goal: 'do t4' });
        expect(await storage.forget({ task_id: 't4' })).toMatchObject({ patterns: 1 });
      });

      it('takes a task it forgot as new', async () => {
        await storage.forget({ task_id: 't1' });
        expect((await storage.recordDecision(decision('t1'))).change).toBe('new');
      });
    });

    it('serves 20 writers and readers at once', async () => {
      await storage.addPattern(pattern('p1'));
      const writer = async (id: number): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          storage.logQuery(query(`r${id}-${i}`));
          await storage.recordDecision(decision(`t${id}-${i}`, { pattern_id: 'p1', duration_ms: i }));
        }
      };
      const reader = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          const { length } = await storage.decisions(1_000);
          const counted = (await storage.pattern('p1'))?.success_count ?? 0;
          expect(counted).toBeGreaterThanOrEqual(length);
          await storage.flush();
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, id) => Promise.all([writer(id), reader()])));
      expect(storage.stats()).toMatchObject({ queries: 200, decisions: 200, patterns: 1 });
      expect(await storage.pattern('p1')).toMatchObject({ success_count: 200, avg_duration_ms: 4.5 });
    });

    it('says what it holds', async () => {
      await storage.recordDecision(decision('t1', { pattern_id: 'p1' }), pattern('p1'));
      const stats = storage.stats();
      expect(stats).toMatchObject({ queries: 0, decisions: 1, patterns: 1 });
      expect(stats.size_mb).toBeGreaterThan(0);
      expect(storage.sound()).toBe(true);
      expect(storage.warnings()).toEqual([]);
    });

    it('counts what the decisions say, whatever happens to them', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 40 }), async (actions) => {
          const fresh = await create();
          const opened = await fresh.open();
          try {
            const naive = new NaiveStorage();
            for (const act of actions) await act(opened, naive);
            expect(await opened.patterns()).toEqual(naive.patterns().map(close));
            expect((await opened.decisions(99)).map(withoutId)).toEqual(naive.decisions());
          } finally {
            await opened.close();
            await fresh.remove();
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

function definedOf(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function withoutId({ id: _, ...rest }: StoredDecision): Omit<StoredDecision, 'id'> {
  return rest;
}

/** Averages are quotients of whole numbers: equal up to rounding. */
function close<T extends { avg_duration_ms: number; avg_tokens_saved: number }>(value: T): T {
  return {
    ...value,
    avg_duration_ms: expect.closeTo(value.avg_duration_ms, 6),
    avg_tokens_saved: expect.closeTo(value.avg_tokens_saved, 6),
  };
}

type Action = (storage: Storage, naive: NaiveStorage) => Promise<void>;

const task = fc.constantFrom('t1', 't2', 't3', 't4', 't5');
const patternId = fc.constantFrom('p1', 'p2', 'p3');
const at = fc.integer({ min: 1, max: 50 }).map((offset) => start + offset);
const number = fc.option(fc.nat(100_000), { nil: undefined });

const record: fc.Arbitrary<Action> = fc
  .record({
    task_id: task,
    // Two descriptions are goals of patterns, so that forgetting rewords and removes.
    task_description: fc.constantFrom('goal of p1', 'goal of p2', 'words'),
    agents_used: fc.constantFrom(['a'], ['a', 'b']),
    result: fc.constantFrom('success', 'failure', 'partial'),
    duration_ms: number,
    tokens_saved: number,
    pattern_id: fc.option(patternId, { nil: undefined }),
    at,
  })
  .chain((given) => fc.tuple(fc.constant(given), fc.boolean()))
  .map(([given, brings]) => async (storage, naive) => {
    // A pattern is in the words of the task that brings it, or in its own.
    const words = given.duration_ms === undefined ? {} : { learned_from: given.task_id };
    const brought = brings && given.pattern_id ? pattern(given.pattern_id, words) : undefined;
    const recorded = await storage.recordDecision(given, brought);
    expect(recorded.change).toBe(naive.record(given, brought));
  });
const add: fc.Arbitrary<Action> = patternId.map((id) => async (storage, naive) => {
  await storage.addPattern(pattern(id));
  naive.add(pattern(id));
});
const prune: fc.Arbitrary<Action> = fc
  .tuple(patternId, fc.option(at, { nil: undefined }))
  .map(([id, time]) => async (storage, naive) => {
    await storage.setPruned([id], time);
    naive.setPruned(id, time);
  });
const forget: fc.Arbitrary<Action> = fc
  .record({ task_id: task, pattern_id: patternId, before: at }, { requiredKeys: [] })
  .map((what) => async (storage, naive) => {
    const { patterns, decisions } = await storage.forget(what);
    expect({ patterns, decisions }).toEqual(naive.forget(what));
  });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: record },
  { weight: 1, arbitrary: add },
  { weight: 1, arbitrary: prune },
  { weight: 1, arbitrary: forget },
);
