import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSentence } from './first-sentence.ts';

describe('first sentence', () => {
  it.each([
    ['Writes React components. Knows hooks.', 'Writes React components.'],
    [
      'Use for caches, e.g. Redis and Memcached. Not for databases.',
      'Use for caches, e.g. Redis and Memcached.',
    ],
    ['Frameworks (i.e. Next.js) and Node.js 20.19. More.', 'Frameworks (i.e. Next.js) and Node.js 20.19.'],
    ['Migrates v1.2 to v2.0 safely. Then tests.', 'Migrates v1.2 to v2.0 safely.'],
    ['See https://example.org/a.b?c=d. It helps.', 'See https://example.org/a.b?c=d.'],
    ['Does it work? Yes.', 'Does it work?'],
    ['Reviews code! Fast.', 'Reviews code!'],
    ['Compare A vs. B in depth. Then choose.', 'Compare A vs. B in depth.'],
    ['Linting, formatting, etc. Use it proactively.', 'Linting, formatting, etc.'],
    ['Linting, formatting, etc. and more. Use it.', 'Linting, formatting, etc. and more.'],
    ['Named after J. R. Smith of the team. Other.', 'Named after J. R. Smith of the team.'],
    ['He said "do it." Then left.', 'He said "do it."'],
    ['Waits ... then acts. Ends.', 'Waits ... then acts.'],
    ['前端专家。负责界面。', '前端专家。'],
    ['「テストを書く。」速い。', '「テストを書く。」'],
    ['Пишет тесты. Быстро.', 'Пишет тесты.'],
    ['Expert in .NET. Also C#.', 'Expert in .NET.'],
    ['1. Do this first. Then that.', '1. Do this first.'],
    ['First line\nsecond line. Rest.', 'First line second line.'],
    ['Use this agent when:\n- one\n- two', 'Use this agent when:'],
    ['Reviews pull requests\\n\\nExamples:\\n- one', 'Reviews pull requests'],
    ['Reviews code <example>Context: x</example>', 'Reviews code'],
    ['no stop at all', 'no stop at all'],
    ['', ''],
  ])('%j → %j', (text, expected) => {
    expect(firstSentence(text, 200)).toBe(expected);
  });

  it('cuts a long sentence between words', () => {
    const cut = firstSentence(`${'word '.repeat(100)}end.`, 200);
    expect(cut.length).toBeLessThanOrEqual(200);
    expect(cut).toMatch(/word…$/);
  });

  it('never exceeds its length and is the beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (text, most) => {
        const sentence = firstSentence(text, most);
        expect(sentence.length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
