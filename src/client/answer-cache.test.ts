import { describe, expect, it } from 'vitest';
import { createAnswerCache } from './answer-cache.ts';

describe('kept answers', () => {
  it('expire', () => {
    let now = 0;
    const cache = createAnswerCache(10, 100, () => now);
    cache.set('a', 1);
    now = 99;
    expect(cache.get('a')).toBe(1);
    now = 100;
    expect(cache.get('a')).toBeUndefined();
  });

  it('are bounded: the one not asked for the longest goes first', () => {
    const cache = createAnswerCache(2, 100, () => 0);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('are none with a time of 0', () => {
    const cache = createAnswerCache(2, 0, () => 0);
    cache.set('a', 1);
    expect(cache.get('a')).toBeUndefined();
  });
});
