import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, insertion, inverse, removal } from './json-edit.ts';

const path = ['mcpServers', 'callsheet'] as const;
const entry = { command: 'node', args: ['mcp'] };
const put = (text: string): string => applyEdit(text, insertion(text, path, entry));
const take = (text: string): string => {
  const edit = removal(text, path);
  return edit ? applyEdit(text, edit) : text;
};

describe('a member put into a JSON text', () => {
  it('keeps formatting, order and the other entries', () => {
    const text =
      '{\n    "b": 1,\n    "mcpServers": {\n        "other": {"command":"x"}\n    },\n    "a": [ 2 ]\n}\n';
    expect(put(text)).toBe(
      [
        '{',
        '    "b": 1,',
        '    "mcpServers": {',
        '        "other": {"command":"x"},',
        '        "callsheet": {',
        '            "command": "node",',
        '            "args": [',
        '                "mcp"',
        '            ]',
        '        }',
        '    },',
        '    "a": [ 2 ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['no servers yet', '{\n  "a": 1\n}\n'],
    ['an empty object', '{ }'],
    ['an empty list of servers', '{\n\t"mcpServers": {}\n}'],
    ['everything on one line', '{"mcpServers":{"x":{}},"z":null}'],
    [
      'Windows line ends and a byte order mark',
      '\uFEFF{\r\n  "mcpServers": {\r\n    "x": {}\r\n  }\r\n}\r\n',
    ],
    ['the name inside a string', '{"note": "\\"mcpServers\\": {", "t": "}"}'],
  ])('can be taken out exactly: %s', (_name, text) => {
    const edit = insertion(text, path, entry);
    const after = applyEdit(text, edit);
    expect(JSON.parse(after.replace(/^\uFEFF/, '')).mcpServers.callsheet).toEqual(entry);
    expect(applyEdit(after, inverse(edit))).toBe(text);
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('takes out a member that others have been put around, and nothing else', () => {
    const after = put('{"mcpServers":{"a":1}}').replace(/\}\}$/, ', "b": 2}, "c": 3}');
    expect(JSON.parse(take(after))).toEqual({ mcpServers: { a: 1, b: 2 }, c: 3 });
  });

  it('says the line of what is broken', () => {
    expect(() => put('{\n  "a": 1,\n}')).toThrow('line 3, column 1');
    expect(() => put('{\n  "a" 1\n}')).toThrow('line 2, column 7');
    expect(() => put('')).toThrow('line 1, column 1');
    expect(() => put('{\n"mcpServers": []}')).toThrow('line 2: "mcpServers" is not an object');
    expect(() => put('[]')).toThrow('not an object');
  });

  it('agrees with JSON.parse about any JSON, and restores it', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        fc.pre(!Object.hasOwn(value, 'mcpServers'));
        const text = JSON.stringify(value, null, indent);
        const after = put(text);
        expect(JSON.parse(after)).toEqual({ ...JSON.parse(text), mcpServers: { callsheet: entry } });
        expect(JSON.parse(take(after))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1 \\a') }), (text) => {
        const parses = (() => {
          try {
            return (
              typeof JSON.parse(text) === 'object' &&
              JSON.parse(text) !== null &&
              !Array.isArray(JSON.parse(text))
            );
          } catch {
            return false;
          }
        })();
        if (parses) expect(() => put(text)).not.toThrow();
        else expect(() => put(text)).toThrow();
      }),
    );
  });
});
