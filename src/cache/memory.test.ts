import { describe, expect, it } from 'vitest';
import { createMemoryCache } from './memory.ts';

function setUp(maxBytes = 100_000) {
  let time = 1;
  let computed = 0;
  const cache = createMemoryCache<{ text: string }>({
    maxBytes,
    clock: () => time,
    sizeOf: ({ text }) => text.length,
  });
  return {
    cache,
    later: (seconds: number) => {
      time += seconds * 1000;
    },
    computed: () => computed,
    ask: async (key: string, text = key, ttlSeconds = 300) => {
      const { value, hit } = await cache.through(key, ttlSeconds, async () => {
        computed++;
        return { text };
      });
      return { text: value.text, hit };
    },
  };
}

describe('memory cache', () => {
  it('computes once and counts hits and misses', async () => {
    const { cache, ask, computed } = setUp();
    expect(await ask('a')).toEqual({ text: 'a', hit: false });
    expect(await ask('a')).toEqual({ text: 'a', hit: true });
    expect(await ask('a')).toEqual({ text: 'a', hit: true });
    expect(computed()).toBe(1);
    expect(cache.stats()).toEqual({ hits: 2, misses: 1, hit_rate: 2 / 3 });
  });

  it('lets an answer go when its time is over', async () => {
    const { ask, later, computed } = setUp();
    await ask('a', 'a', 10);
    later(9.9);
    expect((await ask('a', 'a', 10)).hit).toBe(true);
    later(0.2);
    expect((await ask('a', 'a', 10)).hit).toBe(false);
    expect(computed()).toBe(2);
  });

  it('keeps nothing at 0 seconds', async () => {
    const { cache, ask } = setUp();
    await ask('a', 'a', 0);
    expect((await ask('a', 'a', 0)).hit).toBe(false);
    expect(cache.stats()).toEqual({ hits: 0, misses: 0, hit_rate: 0 });
  });

  it('computes equal questions that come together once', async () => {
    const { cache, ask, computed } = setUp();
    const answers = await Promise.all([ask('a'), ask('a'), ask('a'), ask('b')]);
    expect(answers.map(({ text }) => text)).toEqual(['a', 'a', 'a', 'b']);
    expect(computed()).toBe(2);
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 2 });
  });

  it('does not keep a failure, and everyone who waited gets it', async () => {
    const { cache, ask } = setUp();
    const fail = async () => cache.through('a', 300, () => Promise.reject(new Error('no')));
    const outcomes = await Promise.allSettled([fail(), fail()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('a')).toEqual({ text: 'a', hit: false });
  });

  it('forgets the least recently used when its bytes are used up', async () => {
    const { ask } = setUp(6_000);
    for (const key of ['a', 'b', 'c']) await ask(key, 'x'.repeat(1000));
    await ask('a');
    for (const key of ['d', 'e']) await ask(key, 'x'.repeat(1000));
    expect((await ask('a')).hit).toBe(true);
    expect((await ask('b', 'again')).hit).toBe(false);
  });

  it('does not keep what is larger than all of it', async () => {
    const { ask } = setUp(1000);
    await ask('big', 'x'.repeat(5000));
    expect((await ask('big', 'x'.repeat(5000))).hit).toBe(false);
  });

  it('does not keep what was being computed when it was cleared', async () => {
    const { cache, ask } = setUp();
    const running = ask('a', 'old');
    await cache.clear();
    expect((await running).text).toBe('old');
    expect(await ask('a', 'new')).toEqual({ text: 'new', hit: false });
  });
});
