import { describe, expect, it } from 'vitest';
import { createMemoryWatch } from './memory-watch.ts';

function setUp() {
  let reading: { privateMb: number | null; countedMb: number } = { privateMb: 20, countedMb: 10 };
  const lines: string[] = [];
  const log = {
    warn: (message: string) => lines.push(`warn ${message}`),
    error: (message: string) => lines.push(`error ${message}`),
  };
  const watch = createMemoryWatch(() => reading, log);
  return {
    watch,
    lines,
    sample: (privateMb: number | null, countedMb = 10) => {
      reading = { privateMb, countedMb };
      watch.sample();
    },
  };
}

describe('memory watch', () => {
  it('says nothing under the limits', () => {
    const { watch, lines, sample } = setUp();
    sample(49);
    expect(watch.warnings()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('logs a limit once when it is passed, and warns as long as it is', () => {
    const { watch, lines, sample } = setUp();
    sample(60);
    sample(61);
    expect(lines).toEqual(['warn memory is over its limit']);
    expect(watch.warnings()).toEqual(['Private memory is 61 MB, over its soft limit of 50 MB.']);
    sample(120);
    expect(lines.at(-1)).toBe('error memory is over its limit');
    expect(watch.warnings()[0]).toContain('hard limit of 100 MB');
    sample(30);
    expect(watch.warnings()).toEqual([]);
  });

  it('falls back to what the runtime counts', () => {
    const { watch, sample } = setUp();
    sample(null, 70);
    expect(watch.warnings()[0]).toContain('70 MB');
  });
});
