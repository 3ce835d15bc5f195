/** What is made of texts: tags, descriptions, fields, names, versions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveCapabilities } from './capabilities.ts';
import { describe as describeBody } from './describe.ts';
import { isProse, listField, rawField, textField } from './fields.ts';
import { below, isInside } from './inside.ts';
import { clean, cleanLine, cut, lineAt, plain, slug } from './text.ts';
import { compareVersions, newestVersion } from './version-order.ts';

describe('capabilities', () => {
  it('come from name, description and body, the most telling first', () => {
    const tags = deriveCapabilities({
      name: 'react-specialist',
      description: 'Expert in React 18, hooks, state management and C++ interop. Use PROACTIVELY.',
      body: '## Performance Optimization\n\n- **Server Components**: yes\n\n## Core Principles\n',
    });
    expect(tags[0]).toBe('react');
    expect(tags).toEqual(
      expect.arrayContaining(['hooks', 'state-management', 'c++', 'performance-optimization']),
    );
    for (const word of ['specialist', 'expert', 'principles', 'proactively'])
      expect(tags).not.toContain(word);
  });

  it('drop the verbs in front of things', () => {
    const tags = deriveCapabilities({
      name: 'x-bot',
      description: 'Handles unit tests, specialized in fuzzing, and creating mocks.',
      body: '',
    });
    expect(tags).toEqual(expect.arrayContaining(['unit-tests', 'fuzzing', 'mocks']));
  });

  it('are at most a dozen, short, and none twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (name, description, body) => {
        const tags = deriveCapabilities({ name, description, body });
        expect(tags.length).toBeLessThanOrEqual(12);
        expect(new Set(tags).size).toBe(tags.length);
        for (const tag of tags) expect(tag.length).toBeLessThanOrEqual(32);
      }),
    );
  });
});

describe('descriptions from bodies', () => {
  it.each([
    ['# Title\n\nParagraph\ngoes on.\n\nNext.', 'Title. Paragraph goes on.'],
    ['Says it first.\n\n## Steps\n\n1. one', 'Says it first.'],
    ['# Overview\n\nWhat it does.', 'What it does.'],
    ['# /plugin:ship - Ship it\n\nText here.', 'Ship it. Text here.'],
    ['# Only a title', 'Only a title'],
    ['- a\n- b\n', 'fallback'],
    ['', 'fallback'],
  ])('%j', (body, expected) => {
    expect(describeBody(body, 'fallback')).toBe(expected);
  });
});

describe('fields', () => {
  it('are texts whatever their author gave', () => {
    expect(textField({ a: 'x\\ny' }, 'a', 10)).toBe('x y');
    expect(textField({ a: ['x', 'y'] }, 'a', 10)).toBe('x, y');
    expect(textField({ a: 4 }, 'a', 10)).toBe('4');
    expect(textField({ a: { b: 1 } }, 'a', 10)).toBe('');
  });

  it('are lists of distinct tags', () => {
    expect(listField({ tags: 'a, b; a' }, ['keywords', 'tags'])).toEqual(['a', 'b']);
    expect(listField({ keywords: [], tags: ['x', 3, null] }, ['keywords', 'tags'])).toEqual(['x', '3']);
  });

  it('are hints as they were written', () => {
    expect(rawField({ hint: ['issue'] }, ['hint'], 50)).toBe('[issue]');
    expect(rawField({ args: [{ name: 'a' }, { name: 'b' }] }, ['hint', 'args'], 50)).toBe('[a, b]');
  });

  it('know prose by its name alone', () => {
    for (const name of ['README.md', 'a/index.md', 'README.zh-CN.md', 'CHANGELOG.md'])
      expect(isProse(name)).toBe(true);
    for (const name of ['indexer.md', 'agents-coordinator.md', 'claude-code-guide.md', 'todo-keeper.md']) {
      expect(isProse(name)).toBe(false);
    }
  });
});

describe('text', () => {
  it('loses what hides or turns it, and keeps scripts and emoji whole', () => {
    expect(clean('a\u202eb\u200bc\0d\u{e0061}')).toBe('abcd');
    for (const text of ['👩‍💻 فارسی‌ها', '数据库', 'Ünïcödé\ttab\nline']) expect(clean(text)).toBe(text);
  });

  it('is cut to its cap, between words, without half characters', () => {
    expect(cut('one two three', 9)).toBe('one two…');
    expect(cut('😀😀😀', 4)).toBe('😀…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        expect(cleanLine(text, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('has lines, plain forms and slugs', () => {
    expect([lineAt('a\nb\nc', 0), lineAt('a\nb\nc', 2), lineAt('a\nb\nc', 4)]).toEqual([1, 2, 3]);
    expect(plain('**Bold** [link](x) `code`')).toBe('Bold link code');
    expect(slug(' Code_Reviewer x ')).toBe('code-reviewer-x');
  });
});

describe('paths', () => {
  it('stay below their base or are none', () => {
    expect(below('/a/b', './c/../d')).toBe('/a/b/d');
    expect(below('/a/b', '..name')).toBe('/a/b/..name');
    for (const out of ['..', '../x', '/etc', 'C:\\x', 'c/../../x', '..\\x', 'a\0b'])
      expect(below('/a/b', out)).toBeUndefined();
    expect(isInside('/a/b', '/a/bc')).toBe(false);
    expect(isInside('/a/b', '/a/b')).toBe(true);
  });
});

describe('versions', () => {
  it('are ordered as semver orders them', () => {
    const ordered = [
      'unknown',
      '0.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      'v1.2.0',
      '1.10.0',
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
    expect(newestVersion(ordered)).toBe('1.10.0');
    expect(newestVersion([])).toBeUndefined();
  });
});
