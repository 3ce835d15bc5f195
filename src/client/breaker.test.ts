import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

function at(start: number) {
  const time = { now: start };
  return {
    time,
    breaker: createBreaker(
      () => time.now,
      () => 0.5,
    ),
  };
}

describe('the breaker', () => {
  it('lets calls through until one fails, then one trial after a while', () => {
    const { time, breaker } = at(0);
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
    breaker.failed();
    expect(breaker.allows()).toBe(false);
    time.now = 250;
    expect([breaker.allows(), breaker.allows()]).toEqual([true, false]);
  });

  it('waits longer after each failed trial, up to a limit', () => {
    const { time, breaker } = at(0);
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      breaker.failed();
      const from = time.now;
      while (!breaker.allows()) time.now += 50;
      waits.push(time.now - from);
    }
    expect(waits.slice(0, 4)).toEqual([250, 500, 1000, 2000]);
    expect(waits.at(-1)).toBe(15_000);
  });

  it('closes again with a success and says that the server had been away', () => {
    const { time, breaker } = at(0);
    expect(breaker.succeeded()).toBe(false);
    breaker.failed();
    time.now = 1000;
    expect(breaker.allows()).toBe(true);
    expect(breaker.succeeded()).toBe(true);
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
  });

  it('gives a trial that told nothing to the next call', () => {
    const { time, breaker } = at(0);
    breaker.failed();
    time.now = 1000;
    expect(breaker.allows()).toBe(true);
    breaker.abandoned();
    expect(breaker.allows()).toBe(true);
  });
});
