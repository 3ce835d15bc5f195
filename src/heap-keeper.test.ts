import { describe, expect, it } from 'vitest';
import { createHeapKeeper, engineCollector } from './heap-keeper.ts';

const MB = 2 ** 20;

/** A heap of which `live` is in use after each collection. */
function setUp(live: number) {
  const heap = { used: live, live, collections: 0 };
  const keeper = createHeapKeeper({
    used: () => ({ heap: heap.used, external: MB }),
    collect: () => {
      heap.collections++;
      heap.used = heap.live;
    },
  });
  const lookAt = (used: number): number => {
    heap.used = used;
    const before = heap.collections;
    keeper.look();
    return heap.collections - before;
  };
  return { lookAt, heap };
}

describe('heap keeper', () => {
  it('collects what the start left behind, once more when it is quiet, and then no more', () => {
    const { lookAt } = setUp(10 * MB);
    expect(lookAt(16 * MB)).toBe(1);
    expect(lookAt(10 * MB)).toBe(1);
    expect(lookAt(10.1 * MB)).toBe(0);
  });

  it('waits for two megabytes of garbage', () => {
    const { lookAt } = setUp(10 * MB);
    lookAt(16 * MB);
    expect(lookAt(11 * MB)).toBe(0);
    expect(lookAt(11.9 * MB)).toBe(0);
    expect(lookAt(12.1 * MB)).toBe(1);
  });

  it('counts from less when the engine has collected by itself', () => {
    const { lookAt } = setUp(10 * MB);
    lookAt(20 * MB);
    lookAt(7 * MB);
    lookAt(7 * MB);
    expect(lookAt(9.5 * MB)).toBe(1);
  });

  it('leaves a large heap to the engine', () => {
    const { lookAt } = setUp(20 * MB);
    expect(lookAt(25 * MB)).toBe(0);
    expect(lookAt(23 * MB)).toBe(1);
  });
});

describe('the collector of the engine', () => {
  it('frees what nothing refers to', () => {
    const collect = engineCollector();
    const kept = new WeakRef({ large: new Array(1000).fill('x') });
    // A reference that was read stays until the end of the job, so the look comes in a later one.
    return new Promise<void>((done) => setTimeout(done, 0)).then(() => {
      collect();
      expect(kept.deref()).toBeUndefined();
    });
  });
});
