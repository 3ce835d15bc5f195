import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from './analyzer.ts';

describe('analyzer', () => {
  it.each([
    ['C++ and C# and F# on .NET', ['cplusplu', 'csharp', 'fsharp', 'dotnet']],
    ['deploy k8s, i18n', ['deploi', 'k8s', 'i18n']],
    ['Go, R or C', ['go', 'r', 'c']],
    ['UX', ['ux']],
    ['linUX', ['linux', 'lin']],
    ['useEffect', ['useeffect', 'us', 'effect']],
    ['HTTPServer', ['httpserver', 'http', 'server']],
    ['snake_case-name.with/parts', ['snake', 'case', 'name', 'part']],
    ['deploying deployments deployed', ['deploi', 'deploy', 'deploi']],
    ['Café naïve', ['cafe', 'naiv']],
    ['数据库优化', ['数据', '据库', '库优', '优化']],
    ['テスト', ['テス', 'スト']],
    ['тестирования базы данных', ['тестирован', 'баз', 'данн']],
    ["don't you please help me with the", []],
    ['', []],
  ])('%s', (text, terms) => {
    const actual = analyze(text);
    for (const term of terms) expect(actual).toContain(term);
    expect(actual.length).toBeLessThanOrEqual(Math.max(terms.length, 1) + 2);
  });

  it('finds no short word inside another', () => {
    expect(analyze('linUX')).not.toContain('ux');
  });

  it('meets inflected forms', () => {
    const pairs = [
      ['optimizing', 'optimizer'],
      ['migrations', 'migrate'],
      ['queries', 'query'],
      ['тестирование', 'тестирования'],
    ];
    for (const [a, b] of pairs) expect(analyze(a)).toEqual(analyze(b));
  });

  it('is unmoved by case and by marks', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,40}$/), (text) => {
        expect(analyze(text.normalize('NFD'))).toEqual(analyze(text));
        expect(analyze(text.toUpperCase())).toEqual(analyze(text));
      }),
    );
  });

  it('survives anything, and its terms are never empty or overlong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const term of analyze(text)) {
          expect(term.length).toBeGreaterThan(0);
          expect(term.length).toBeLessThanOrEqual(41);
        }
      }),
    );
  });

  it('analyses a text like the parts of it that spaces separate', () => {
    const words = fc.array(fc.stringMatching(/^[a-zA-Z0-9]{1,12}$/), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const apart = [...analyze(a.join(' ')), ...analyze(b.join(' '))];
        expect(analyze([...a, ...b].join(' '))).toEqual(apart);
      }),
    );
  });
});
