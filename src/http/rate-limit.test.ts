import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

describe('RateLimit', () => {
  it('never admits more than the burst and what has flowed in since', () => {
    const steps = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), steps, (rate, waits) => {
        const limit = new RateLimit(rate);
        let now = 0;
        let admitted = 0;
        for (const wait of waits) {
          now += wait;
          if (limit.take('a', now) === 0) admitted += 1;
          expect(admitted).toBeLessThanOrEqual(rate * 2 + (rate * now) / 1000 + 1e-6);
        }
      }),
    );
  });

  it('says how long to wait, and keeps the promise', () => {
    const limit = new RateLimit(4);
    for (let i = 0; i < 8; i++) expect(limit.take('a', 0)).toBe(0);
    const seconds = limit.take('a', 0);
    expect(seconds).toBeCloseTo(0.25, 9);
    expect(limit.take('a', seconds * 1000)).toBe(0);
  });

  it('treats clients apart, and one network of IPv6 as one client', () => {
    const limit = new RateLimit(1);
    const take = (address: string) => limit.take(address, 0) === 0;
    expect([take('10.0.0.1'), take('10.0.0.1'), take('::ffff:10.0.0.1'), take('10.0.0.2')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([take('2001:db8::1'), take('2001:db8:0:0:ffff::2'), take('2001:db8::3')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(take('2001:db8:0:1::1')).toBe(true);
  });

  it('lets everything through at 0', () => {
    const limit = new RateLimit(0);
    for (let i = 0; i < 5000; i++) expect(limit.take('a', 0)).toBe(0);
  });

  it('remembers a bounded number of clients, the latest', () => {
    const limit = new RateLimit(1);
    for (let i = 0; i < 20_000; i++) limit.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
    expect(limit.clients).toBe(10_000);
  });
});
