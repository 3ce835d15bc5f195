import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFrontmatter } from './frontmatter.ts';
import { decode } from './text.ts';

const parse = (text: string) => parseFrontmatter(text);

describe('frontmatter', () => {
  it('reads YAML between two lines of dashes', () => {
    expect(parse('---\nname: a\ntags: [x, y]\n---\n# Body\n')).toEqual({
      frontmatter: { name: 'a', tags: ['x', 'y'] },
      body: '# Body\n',
      headed: true,
      faults: [],
    });
  });

  it('gives all of a text without a head as body', () => {
    const text = '# Title\n\nText.\n\n---\nname: not a head\n---\nMore.\n';
    expect(parse(text)).toEqual({ frontmatter: {}, body: text, headed: false, faults: [] });
  });

  it('takes a rule at the top for what it is', () => {
    const text = '---\n\nJust text.\n\n---\n\nMore text.\n';
    expect(parse(text)).toMatchObject({ headed: false, body: text, faults: [] });
  });

  it('leaves look-alikes deeper in the body alone', () => {
    const { frontmatter, body } = parse('---\nname: a\n---\nText.\n\n---\nname: b\ndescription: c\n---\n');
    expect(frontmatter).toEqual({ name: 'a' });
    expect(body).toContain('name: b');
  });

  it('keeps rules in the body', () => {
    expect(parse('---\nname: a\n---\none\n\n---\n\ntwo\n').body).toBe('one\n\n---\n\ntwo\n');
  });

  it.each([
    ['a long closer', '---\nname: a\n-----\nbody'],
    ['a long opener', '-----\nname: a\n---\nbody'],
    ['YAML’s own end', '---\nname: a\n...\nbody'],
    ['blank lines above', '\n\n---\nname: a\n---\nbody'],
    ['spaces after the dashes', '---  \nname: a\n--- \nbody'],
    ['a head that is indented throughout', '  ---\n  name: a\n  ---\nbody'],
  ])('accepts %s', (_, text) => {
    expect(parse(text)).toMatchObject({ frontmatter: { name: 'a' }, body: 'body', faults: [] });
  });

  it.each([
    ['text behind the closer', '---\nname: a\n---# Title\n', 3, '# Title\n'],
    ['a closer behind the last value', '---\nname: a\nmodel: opus---\n# Title\n', 3, '\n# Title\n'],
  ])('reads past %s and says where', (_, text, line, body) => {
    const { frontmatter, faults, body: rest } = parse(text);
    expect(frontmatter.name).toBe('a');
    expect(rest).toBe(body);
    expect(faults).toMatchObject([
      { line, cause: 'The line that closes the frontmatter has other text on it.' },
    ]);
  });

  it('reads a head that is never closed up to the first blank line', () => {
    const { frontmatter, body, faults } = parse('---\nname: a\ndescription: b\n\n# Title\n');
    expect(frontmatter).toEqual({ name: 'a', description: 'b' });
    expect(body).toBe('\n# Title\n');
    expect(faults).toMatchObject([{ line: 4, cause: 'The frontmatter is never closed.' }]);
  });

  it.each([
    ['an unquoted colon', 'description: Use this: always', 'Use this: always'],
    ['brackets side by side', 'description: [a] [b]', '[a] [b]'],
    ['a leading backtick', 'description: `x` does it', '`x` does it'],
    ['a leading @', 'description: @team reviews', '@team reviews'],
    ['a leading star', 'description: *all* of it', '*all* of it'],
    ['an open quote', 'description: "never closed', '"never closed'],
  ])('recovers a description with %s', (_, line, expected) => {
    const { frontmatter, body, faults } = parse(`---\nname: a\n${line}\nmodel: opus\n---\nbody`);
    expect(frontmatter).toEqual({ name: 'a', description: expected, model: 'opus' });
    expect(body).toBe('body');
    expect(faults).toHaveLength(1);
    expect(faults[0].line).toBeGreaterThanOrEqual(2);
  });

  it('recovers a description with examples in it', () => {
    const text =
      '---\nname: a\ndescription: Use it when: x. <example>\nContext: y\nuser: "hi"\nassistant: "ho"\n</example>\nmodel: opus\n---\n';
    const { frontmatter } = parse(text);
    expect(frontmatter.model).toBe('opus');
    expect(frontmatter.description).toContain('assistant: "ho"');
  });

  it('names the unquoted colon and its line', () => {
    const { faults } = parse('---\nname: a\ndescription: Use this: always\n---\n');
    expect(faults).toMatchObject([
      { line: 3, cause: expect.stringContaining('the value of description has a colon') },
    ]);
  });

  it('is not fooled by aliases that multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const { frontmatter } = parse(`---\nname: a\nl0: &l0 [x, x]\n${levels.join('\n')}\n---\n`);
    expect(frontmatter.name).toBe('a');
    expect(JSON.stringify(frontmatter).length).toBeLessThan(100_000);
  });

  it('has no way to the prototype', () => {
    for (const head of [
      '__proto__: {polluted: yes}',
      '__proto__: x\nbad: a: b',
      '"__proto__": {polluted: true}',
    ]) {
      const { frontmatter } = parse(`---\nname: a\n${head}\n---\n`);
      expect(frontmatter.name).toBe('a');
      expect(Object.getPrototypeOf(frontmatter)).toBe(Object.prototype);
      expect(Object.keys(frontmatter)).not.toContain('__proto__');
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('says that a head is too long to be one', () => {
    const long = Array.from({ length: 100_000 }, (_, i) => `key${i}: value`).join('\n');
    const { frontmatter, faults } = parse(`---\nname: a\ndescription: b\n${long}\n---\nbody`);
    expect(frontmatter).toMatchObject({ name: 'a', description: 'b' });
    expect(faults).toMatchObject([{ cause: expect.stringContaining('32 KiB') }]);
  });

  it('removes what hides or turns text in keys and values', () => {
    const { frontmatter } = parse('---\nname: "a\u202eb\\u200bc\\x07"\n"k\u2066ey": v\n---\n');
    expect(frontmatter).toEqual({ name: 'abc', key: 'v' });
  });

  it('never throws, and the body is the end of the text', () => {
    const piece = fc.constantFrom(
      '---',
      '\n',
      ': ',
      'name',
      'description',
      '- ',
      '[',
      '{',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!!x',
      '\t',
      ' ',
      '#',
      '<<',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((parts) => `---\n${parts.join('')}`),
    );
    fc.assert(
      fc.property(text, (any) => {
        const { body, frontmatter } = parse(any);
        expect(any.endsWith(body)).toBe(true);
        JSON.stringify(frontmatter);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws over arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const decoded = decode(bytes);
        if (decoded) parse(decoded.text);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps name and description whatever stands in other fields', () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((value) => value.replace(/[\r\n\u0085\u2028\u2029]/g, ' '));
    fc.assert(
      fc.property(line, (value) => {
        const { frontmatter, body } = parse(
          `---\nname: keeper\ndescription: Does it.\nother: ${value}\n---\nbody`,
        );
        expect(frontmatter.name).toBe('keeper');
        expect(frontmatter.description).toBe('Does it.');
        expect(body).toBe('body');
      }),
      { numRuns: 2000 },
    );
  });
});
