import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScriptMeta } from './script-meta.ts';

describe('meta of a script', () => {
  it('is read as data', () => {
    const source = `
      import { x } from './x.js';
      // A comment.
      export const meta = {
        name: 'release', // the name
        "description": "Ships " + 'it\\u0021',
        phases: [{ title: \`Build\`, parallel: true }, { title: 'Test', detail: "all", }],
        retries: -1_000.5, none: null,
      };
      export default async () => { throw new Error('never run'); };
    `;
    expect(readScriptMeta(source)).toEqual({
      name: 'release',
      description: 'Ships it!',
      phases: [
        { title: 'Build', parallel: true },
        { title: 'Test', detail: 'all' },
      ],
      retries: -1000.5,
      none: null,
    });
  });

  it('keeps what comes before the first thing that would have to be run', () => {
    expect(readScriptMeta("export const meta = { name: 'a', description: make(), later: 'b' };")).toEqual({
      name: 'a',
    });
  });

  it('leaves out values that are not known without running it', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the script that is read
    const source = "export const meta = { name: 'a', text: `x ${y}`, other: y, later: 'b' };";
    expect(readScriptMeta(source)).toEqual({ name: 'a', later: 'b' });
  });

  it('is absent where the script has none', () => {
    for (const source of [
      '',
      'const meta = {name: "x"}',
      'export const meta = load();',
      'export const meta = {};',
    ]) {
      expect(readScriptMeta(source), source).toBeUndefined();
    }
  });

  it('has no way to the prototype', () => {
    const meta = readScriptMeta("export const meta = { name: 'a', __proto__: { polluted: true } };");
    expect(meta).toEqual({ name: 'a' });
    expect(Object.getPrototypeOf(meta)).toBe(Object.prototype);
  });

  it('never throws', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      'a',
      '"x"',
      "'",
      '`',
      '${',
      '\\',
      '1',
      '+',
      '//',
      '/*',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        readScriptMeta(`export const meta = {${tokens.join('')}`);
      }),
      { numRuns: 2000 },
    );
  });
});
