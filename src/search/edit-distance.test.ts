import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, similarity } from './edit-distance.ts';

/** The textbook table, every cell filled. */
function naive(a: string, b: string): number {
  const cell: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    cell.push([]);
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        cell[i][j] = i + j;
        continue;
      }
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      cell[i][j] = Math.min(cell[i - 1][j] + 1, cell[i][j - 1] + 1, cell[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cell[i][j] = Math.min(cell[i][j], cell[i - 2][j - 2] + 1);
      }
    }
  }
  return cell[a.length][b.length];
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'é'), maxLength: 12 });

describe('edit distance', () => {
  it('counts a swap of neighbours as one', () => {
    expect(distance('kubernetes', 'kubernetse')).toBe(1);
    expect(distance('postgres', 'postgrse')).toBe(1);
    expect(distance('react', 'redact')).toBe(1);
    expect(distance('', 'abc')).toBe(3);
  });

  it('agrees with the whole table', () => {
    fc.assert(
      fc.property(word, word, (a, b) => distance(a, b) === naive(a, b)),
      { numRuns: 500 },
    );
  });

  it('answers max + 1 for anything above max', () => {
    const bounded = fc.property(word, word, fc.integer({ min: 0, max: 6 }), (a, b, max) => {
      return distance(a, b, max) === Math.min(naive(a, b), max + 1);
    });
    fc.assert(bounded, { numRuns: 500 });
  });

  it('is symmetric, and its similarity lies in 0..1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const value = similarity(a, b);
        return value >= 0 && value <= 1 && value === similarity(b, a);
      }),
    );
  });

  it('survives very long words', () => {
    expect(distance('a'.repeat(100_000), 'b'.repeat(100_000))).toBe(256);
  });
});
