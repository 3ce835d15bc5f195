/**
 * `export const meta = { … }` of a workflow script, read as data.
 *
 * The object literal is parsed by hand: texts, numbers, lists and objects. Whatever would have to be run to be
 * known (calls, names, templates with holes) reads as absent. No code of the file is ever executed.
 */
import { type Frontmatter, jsonRecord } from './frontmatter.ts';

/** The literal's fields, or undefined where the script has none that can be read. */
export function readScriptMeta(source: string): Frontmatter | undefined {
  const start = /^[ \t]*export\s+const\s+meta\s*(?::[^={]{1,80})?=\s*(?=\{)/m.exec(source);
  if (!start) return undefined;
  const fields: Fields = [];
  try {
    readObject({ source, at: start.index + start[0].length }, 0, fields);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // What came before the first expression stands.
  return fields.length > 0 ? jsonRecord(Object.fromEntries(fields)) : undefined;
}

type Fields = [string, unknown][];

interface Reader {
  readonly source: string;
  at: number;
}

const DEEPEST = 12;

function readValue(reader: Reader, depth: number): unknown {
  if (depth > DEEPEST) throw new SyntaxError('nested too deeply');
  skipSpace(reader);
  const start = reader.source[reader.at];
  if (start === '{') return readObject(reader, depth);
  if (start === '[') return readList(reader, depth);
  if (start === '"' || start === "'" || start === '`') return readTexts(reader);
  return readWord(reader);
}

function readObject(reader: Reader, depth: number, fields: Fields = []): Record<string, unknown> {
  reader.at++;
  for (;;) {
    skipSpace(reader);
    if (take(reader, '}')) return Object.fromEntries(fields);
    const key = readKey(reader);
    skipSpace(reader);
    if (!take(reader, ':')) throw new SyntaxError('a field without a value');
    const value = readValue(reader, depth + 1);
    if (value !== undefined) fields.push([key, value]);
    endOfItem(reader, '}');
  }
}

function readList(reader: Reader, depth: number): unknown[] {
  const items: unknown[] = [];
  reader.at++;
  for (;;) {
    skipSpace(reader);
    if (take(reader, ']')) return items;
    const value = readValue(reader, depth + 1);
    if (value !== undefined) items.push(value);
    endOfItem(reader, ']');
  }
}

/** After a value: a comma, or the end that the caller will see. */
function endOfItem(reader: Reader, end: string): void {
  skipSpace(reader);
  if (take(reader, ',') || reader.source[reader.at] === end) return;
  throw new SyntaxError('an expression that would have to be run');
}

function readKey(reader: Reader): string {
  const quote = reader.source[reader.at];
  if (quote === '"' || quote === "'") return readText(reader) ?? '';
  const [key] = match(reader, /[\p{L}_$][\p{L}\p{N}_$]*|\d+/uy) ?? [];
  if (key === undefined) throw new SyntaxError('no field name');
  return key;
}

/** One text, or several joined with `+`. A template with a hole in it is not known. */
function readTexts(reader: Reader): string | undefined {
  let text = readText(reader);
  for (;;) {
    skipSpace(reader);
    if (!take(reader, '+')) return text;
    skipSpace(reader);
    const next = readText(reader);
    text = text === undefined || next === undefined ? undefined : text + next;
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '',
  f: '',
  v: '',
  0: '',
  '\n': '',
};

function readText(reader: Reader): string | undefined {
  const quote = reader.source[reader.at];
  if (quote !== '"' && quote !== "'" && quote !== '`') throw new SyntaxError('no text');
  reader.at++;
  const parts: string[] = [];
  let whole = true;
  for (;;) {
    const [run = ''] =
      match(reader, quote === '`' ? /[^`\\$]+/y : quote === '"' ? /[^"\\\n]+/y : /[^'\\\n]+/y) ?? [];
    parts.push(run);
    const next = reader.source[reader.at++];
    if (next === quote) return whole ? parts.join('') : undefined;
    if (next === '\\') parts.push(readEscape(reader));
    else if (next === '$') {
      if (reader.source[reader.at] === '{') whole = false;
      else parts.push('$');
    } else throw new SyntaxError('a text that does not end');
  }
}

function readEscape(reader: Reader): string {
  const [code] = match(reader, /u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}/y) ?? [];
  if (code !== undefined) {
    const point = Number.parseInt(code.replace(/[ux{}]/g, ''), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  }
  const letter = reader.source[reader.at++] ?? '';
  return escapes[letter] ?? letter;
}

function readWord(reader: Reader): unknown {
  const [word] = match(reader, /-?\d[\d_]*(?:\.\d+)?|[\p{L}_$][\p{L}\p{N}_$]*/uy) ?? [];
  if (word === undefined) throw new SyntaxError('an expression that would have to be run');
  if (/^-?\d/.test(word)) return Number(word.replaceAll('_', ''));
  if (word === 'true' || word === 'false') return word === 'true';
  return word === 'null' ? null : undefined;
}

function skipSpace(reader: Reader): void {
  match(reader, /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y);
}

function take(reader: Reader, character: string): boolean {
  if (reader.source[reader.at] !== character) return false;
  reader.at++;
  return true;
}

function match(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source);
  if (!found) return undefined;
  reader.at = pattern.lastIndex;
  return found;
}
