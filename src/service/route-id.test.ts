import { describe, expect, it } from 'vitest';
import { createRouteIds } from './route-id.ts';

describe('route ids', () => {
  it('are eleven characters, and none comes twice', () => {
    const next = createRouteIds((pool) => crypto.getRandomValues(pool));
    const ids = Array.from({ length: 5000 }, next);
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-z]{11}$/);
  });

  it('ask for random bits once in a while', () => {
    let filled = 0;
    const next = createRouteIds((pool) => {
      filled++;
      pool.fill(0xffff_ffff);
    });
    for (let i = 0; i < 256; i++) expect(next()).toBe((2 ** 53 - 1).toString(36));
    expect(filled).toBe(1);
  });
});
