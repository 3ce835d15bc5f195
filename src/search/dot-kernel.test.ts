import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdRows } from './dot-kernel.ts';
import { plainRows } from './vector-rows.ts';

const byte = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, 127));
const weight = fc.oneof(fc.integer({ min: -16_383, max: 16_383 }), fc.constantFrom(-16_383, 16_383));
const filled = (length: number, value: fc.Arbitrary<number>) =>
  fc.array(value, { minLength: length, maxLength: length });

describe('the kernel', () => {
  it('sums exactly as plain JavaScript does', () => {
    const sizes = fc.record({ dim: fc.constantFrom(16, 32, 48, 256), count: fc.integer({ min: 0, max: 9 }) });
    const cases = sizes.chain(({ dim, count }) =>
      fc.record({
        dim: fc.constant(dim),
        values: filled(dim * count, byte),
        queries: fc.array(filled(dim, weight), { minLength: 1, maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ dim, values, queries }) => {
        const rows = Int8Array.from(values);
        const held = holdRows(rows, dim);
        const plain = plainRows(rows, dim);
        if (!held) throw new Error('the vector instructions are missing here');
        expect(held.values).toEqual(rows);
        for (const query of queries) {
          const weights = Int16Array.from(query);
          expect([...held.sums(weights)]).toEqual([...plain.sums(weights)]);
        }
      }),
    );
  });

  it('is not for rows that its steps do not fill', () => {
    expect(holdRows(new Int8Array(16), 8)).toBeUndefined();
  });
});
