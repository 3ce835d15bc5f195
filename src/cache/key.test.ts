import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheKey, canonicalJson } from './key.ts';

describe('canonical JSON', () => {
  it('does not depend on the order of members, at any depth', () => {
    const one = { a: 1, b: { c: [1, { d: 2, e: 3 }], f: 4 } };
    const other = { b: { f: 4, c: [1, { e: 3, d: 2 }] }, a: 1 };
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  it('keeps nested members apart', () => {
    expect(canonicalJson({ a: { b: 1 } })).not.toBe(canonicalJson({ a: { b: 2 } }));
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ a: 1, b: undefined })).toBe('{"a":1}');
    expect(canonicalJson([undefined])).toBe('[null]');
  });

  it('parses back to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('keys', () => {
  it('differ by method, by revision and by parameters', () => {
    const keys = [
      cacheKey('queryAgents', '1', { context: 'a' }),
      cacheKey('querySkills', '1', { context: 'a' }),
      cacheKey('queryAgents', '2', { context: 'a' }),
      cacheKey('queryAgents', '1', { context: 'b' }),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});
