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
  it('collects twice when work is over, and then no more', () => {
    const { lookAt } = setUp(10 * MB);
    expect(lookAt(16 * MB)).toBe(0);
    expect(lookAt(16.1 * MB)).toBe(1);
    expect(lookAt(10.1 * MB)).toBe(1);
    expect(lookAt(10.2 * MB)).toBe(0);
  });

  it('lets the engine collect while there is work', () => {
    const { lookAt } = setUp(10 * MB);
    for (const used of [12, 14, 16, 11, 13, 15, 18]) expect(lookAt(used * MB)).toBe(0);
    expect(lookAt(18 * MB)).toBe(1);
  });

  it('collects two megabytes that came together little by little', () => {
    const { lookAt } = setUp(10 * MB);
    for (let i = 0; i < 3; i++) lookAt(10 * MB);
    let collections = 0;
    for (let i = 1; i <= 21; i++) collections += lookAt((10 + i / 10) * MB);
    expect(collections).toBe(1);
  });

  it('leaves a large heap to the engine', () => {
    const { lookAt } = setUp(20 * MB);
    lookAt(25 * MB);
    expect(lookAt(25 * MB)).toBe(0);
    lookAt(23 * MB);
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
