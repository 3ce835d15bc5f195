import { describe, expect, it } from 'vitest';
import { createHeapKeeper, engineCollector } from './heap-keeper.ts';

const MB = 2 ** 20;

/** A heap of which `live` is in use after each collection. */
function setUp(live: number) {
  const heap = { used: live, live, collections: 0 };
  let spent = 0;
  const keeper = createHeapKeeper({
    used: () => ({ heap: heap.used, external: MB }),
    spent: () => spent,
    collect: () => {
      heap.collections++;
      heap.used = heap.live;
      spent += 20;
    },
  });
  /** Gives the collections of a look `used` bytes later. @param worked milliseconds since the last look */
  const lookAt = (used: number, worked = 1): number => {
    heap.used = used;
    spent += worked;
    const before = heap.collections;
    keeper.look();
    return heap.collections - before;
  };
  return { lookAt, heap };
}

describe('heap keeper', () => {
  it('collects twice when work is over, and then no more', () => {
    const { lookAt } = setUp(10 * MB);
    lookAt(10 * MB, 200);
    expect(lookAt(13 * MB, 200)).toBe(0);
    expect(lookAt(13 * MB)).toBe(1);
    expect(lookAt(10 * MB)).toBe(1);
    expect(lookAt(10.1 * MB)).toBe(0);
    expect(lookAt(10.2 * MB, 200)).toBe(0);
    expect(lookAt(10.2 * MB)).toBe(0);
  });

  it('collects four megabytes while there is work', () => {
    const { lookAt } = setUp(10 * MB);
    lookAt(10 * MB, 50);
    for (const used of [12, 13, 13.5, 11, 12, 13.9]) expect(lookAt(used * MB, 50)).toBe(0);
    expect(lookAt(14.1 * MB, 50)).toBe(1);
    expect(lookAt(13 * MB, 50)).toBe(0);
    expect(lookAt(13 * MB)).toBe(1);
  });

  it('collects two megabytes that came together little by little', () => {
    const { lookAt } = setUp(10 * MB);
    for (let i = 0; i < 3; i++) lookAt(10 * MB);
    let collections = 0;
    for (let i = 1; i <= 20; i++) collections += lookAt((10 + i / 10) * MB);
    expect(collections).toBe(1);
  });

  it('counts from less when the engine has collected by itself', () => {
    const { lookAt } = setUp(10 * MB);
    for (let i = 0; i < 3; i++) lookAt(10 * MB);
    expect(lookAt(7 * MB)).toBe(0);
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
