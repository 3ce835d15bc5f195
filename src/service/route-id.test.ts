import { describe, expect, it } from 'vitest';
import { createRouteIds } from './route-id.ts';

const numberOf = (id: string): number => Number.parseInt(id, 36);

describe('route ids', () => {
  it('are eleven characters, and none comes twice', () => {
    const next = createRouteIds((pool) => crypto.getRandomValues(pool));
    const ids = Array.from({ length: 5000 }, next);
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-z]{11}$/);
  });

  it('come in runs that ascend, each from another place', () => {
    const next = createRouteIds((pool) => crypto.getRandomValues(pool));
    const runs = Array.from({ length: 4 }, () => Array.from({ length: 256 }, next));
    for (const run of runs) {
      expect([...run].sort()).toEqual(run);
      expect(numberOf(run[255]) - numberOf(run[0])).toBeLessThan(2 ** 32);
    }
    expect(new Set(runs.map(([first]) => Math.floor(numberOf(first) / 2 ** 32))).size).toBe(4);
  });

  it('ask for random bits once a run, and stay exact numbers whatever they are', () => {
    let filled = 0;
    const next = createRouteIds((pool) => {
      filled++;
      pool.fill(0xffff_ffff);
    });
    const ids = Array.from({ length: 256 }, next);
    expect(filled).toBe(1);
    expect(numberOf(ids[255])).toBe(2 ** 52 - 1 + 256 * 2 ** 24);
    expect(numberOf(ids[255])).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});
