import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToTokens, estimateTokens } from './tokens.ts';

describe('tokens', () => {
  it('are estimated by script', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('four letters')).toBe(3);
    expect(estimateTokens('前端专家')).toBe(4);
    expect(estimateTokens('Привет')).toBe(3);
  });

  it('leave a text that fits as it is', () => {
    expect(cutToTokens('one\n\ntwo', 100)).toEqual({ text: 'one\n\ntwo', tokens: 2, truncated: false });
  });

  it.each([
    ['first paragraph\n\nsecond paragraph\n\nthird', 9, 'first paragraph\n\nsecond paragraph'],
    ['first line\nsecond line which is long', 6, 'first line'],
    ['just words without end', 3, 'just words'],
    ['unbreakable-run-of-characters', 2, 'unbreaka'],
  ])('cut %j to %i at a boundary', (text, most, expected) => {
    expect(cutToTokens(text, most)).toMatchObject({ text: expected, truncated: true });
  });

  it('never exceed what was asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
        const cut = cutToTokens(text, most);
        expect(cut.tokens).toBeLessThanOrEqual(most);
        expect(text.startsWith(cut.text)).toBe(true);
      }),
    );
  });
});
