/**
 * The head of a definition, read tolerantly.
 *
 *   text → head and body → strict YAML → (fails) line by line → plain values, cleaned and bounded
 *
 * Of 1,716 real commands and 2,448 real agents about one in twelve is not valid YAML, and all of them say what
 * they mean: so a fault is reported beside what could be read, and nothing here throws.
 */
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { recoverLines } from './recover.ts';
import { clean, lineAt } from './text.ts';

/** What the head of a file says: values as JSON has them. */
export type Frontmatter = Readonly<Record<string, unknown>>;

export interface Fault {
  /** There is no such file: for some that is no fault. */
  readonly absent?: true;
  /** First line of the file is 1. */
  readonly line?: number;
  readonly cause: string;
  readonly remedy: string;
}

export interface Parsed {
  readonly frontmatter: Frontmatter;
  /** The end of the text. */
  readonly body: string;
  /** Whether there was a head at all. */
  readonly headed: boolean;
  readonly faults: readonly Fault[];
}

/** Of a head that is longer only the beginning is read: 32 KiB. */
const LONGEST_HEAD = 32_768;
/** Blank lines above a head go on no longer than this. */
const LONGEST_MARGIN = 1024;

const opener = /^(?:[ \t]*\n)*([ \t]*)-{3,}[ \t]*\n/;
const gluedOpener = /^(?:[ \t]*\n)*---[ \t]*(?=[A-Za-z][\w-]*[ \t]*:)/;

/** Reads a definition's text (line ends `\n`, no BOM). Never throws. */
export function parseFrontmatter(text: string): Parsed {
  const head = findHead(text);
  if (!head) return { frontmatter: {}, body: text, headed: false, faults: [] };
  const strict = strictYaml(head.yaml, head.line);
  if (strict.value) {
    return { frontmatter: strict.value, body: head.body, headed: true, faults: head.faults };
  }
  const recovered = recoverLines(head.yaml);
  // A rule at the top of a plain text is no head.
  if (Object.keys(recovered).length === 0) return { frontmatter: {}, body: text, headed: false, faults: [] };
  const faults = strict.fault ? [...head.faults, strict.fault] : head.faults;
  return { frontmatter: jsonRecord(recovered), body: head.body, headed: true, faults };
}

interface Head {
  readonly yaml: string;
  readonly body: string;
  /** Line of the file the YAML starts on. */
  readonly line: number;
  readonly faults: readonly Fault[];
}

function findHead(text: string): Head | undefined {
  const start = text.slice(0, LONGEST_MARGIN);
  const open = opener.exec(start) ?? gluedOpener.exec(start);
  if (!open) return undefined;
  const indent = open[1] ?? '';
  const line = open[0].split('\n').length;
  const rest = text.slice(open[0].length);
  const close = rest.length > LONGEST_HEAD ? cutOff(rest, indent) : findCloser(rest, indent);
  if (!close) return undefined;
  const yaml = dedent(rest.slice(0, close.end), indent);
  const body = rest.slice(close.next);
  const fault = close.fault && { line: line - 1 + lineAt(rest, close.end), ...close.fault };
  return { yaml, body, line, faults: fault ? [fault] : [] };
}

interface Closer {
  /** Where the YAML ends. */
  readonly end: number;
  /** Where the body starts. */
  readonly next: number;
  readonly fault?: Omit<Fault, 'line'>;
}

const glued = {
  cause: 'The line that closes the frontmatter has other text on it.',
  remedy: 'Put --- on a line of its own.',
};
const unclosed = {
  cause: 'The frontmatter is never closed.',
  remedy: 'Put --- on a line of its own after the last field.',
};

const tooLong = {
  cause: 'The frontmatter is longer than 32 KiB; only its beginning was read.',
  remedy: 'Move what is long into the body.',
};

/** In a long text: what is read of a head is bounded, whatever follows. */
function cutOff(rest: string, indent: string): Closer | undefined {
  const close = findCloser(rest.slice(0, LONGEST_HEAD), indent);
  if (close?.fault !== unclosed || close.end < LONGEST_HEAD / 2) return close;
  const regular = /^[ \t]*-{3,}[ \t]*(?:\n|$)/gm;
  regular.lastIndex = close.end;
  const found = regular.exec(rest);
  return { ...close, next: found ? found.index + found[0].length : close.next, fault: tooLong };
}

function findCloser(rest: string, indent: string): Closer | undefined {
  const regular = indent === '' ? /^(?:-{3,}|\.{3})[ \t]*$/ : /^[ \t]*(?:-{3,}|\.{3})[ \t]*$/;
  let loose: Closer | undefined;
  for (let start = 0; start <= rest.length; ) {
    const stop = rest.indexOf('\n', start);
    const end = stop < 0 ? rest.length : stop;
    const line = rest.slice(start, end);
    if (regular.test(line)) {
      const fits = loose && isFieldsOnly(rest.slice(0, loose.end));
      return fits ? loose : { end: start, next: Math.min(end + 1, rest.length) };
    }
    loose ??= gluedCloser(line, start);
    start = end + 1;
  }
  if (loose && isFieldsOnly(rest.slice(0, loose.end))) return loose;
  const end = /^[ \t]*\n|^#{1,6} /m.exec(rest)?.index ?? rest.length;
  return isFieldsOnly(rest.slice(0, end)) ? { end, next: end, fault: unclosed } : undefined;
}

/** `---# Title` or `model: opus---`. */
function gluedCloser(line: string, start: number): Closer | undefined {
  const before = /^[ \t]*-{3,}[ \t]*(?=[^\s-])/.exec(line);
  if (before) return { end: start, next: start + before[0].length, fault: glued };
  const trimmed = line.trimEnd();
  if (!/^[A-Za-z][\w-]*[ \t]*:/.test(trimmed) || !/[^\s-]-{3}$/.test(trimmed.slice(-4))) return undefined;
  return { end: start + trimmed.length - 3, next: start + line.length, fault: glued };
}

/** Whether every line reads as a field or as the continuation of one. */
function isFieldsOnly(yaml: string): boolean {
  const lines = yaml.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    /^\s*[A-Za-z][\w-]*\s*:/.test(lines[0]) &&
    lines.every((line) => /^\s|^-|^[A-Za-z][\w-]*\s*:/.test(line))
  );
}

function dedent(yaml: string, indent: string): string {
  return indent === '' ? yaml : yaml.replace(new RegExp(`^${indent}`, 'gm'), '');
}

interface StrictResult {
  readonly value?: Frontmatter;
  readonly fault?: Fault;
}

function strictYaml(yaml: string, firstLine: number): StrictResult {
  try {
    const value = load(yaml, { schema: CORE_SCHEMA });
    if (value === null || value === undefined) return { value: {} };
    if (typeof value === 'object' && !Array.isArray(value)) return { value: jsonRecord(value) };
    return {};
  } catch (error) {
    return { fault: yamlFault(error, yaml, firstLine) };
  }
}

function yamlFault(error: unknown, yaml: string, firstLine: number): Fault {
  const remedy = 'Put the value in quotes, or in a block after "|"; it was read line by line meanwhile.';
  if (!(error instanceof YAMLException)) return { cause: 'The frontmatter is not valid YAML.', remedy };
  const at = error.mark?.line ?? 0;
  const reason = colonInside(yaml.split('\n')[at]) ?? clean(error.reason);
  return { line: at + firstLine, cause: `The frontmatter is not valid YAML: ${reason}.`, remedy };
}

/** By far the most frequent mistake, which YAML reports as bad indentation. */
function colonInside(line = ''): string | undefined {
  const field = /^([\w-]{1,60}):[ \t]+[^"'|>[{\s].*:(?:\s|$)/.exec(line)?.[1];
  return field && `the value of ${field} has a colon in it but no quotes around it`;
}

/** Bounds against anchors that multiply and towers of lists. */
const MOST_VALUES = 2000;
const DEEPEST = 6;

/** A copy with values as JSON has them, texts cleaned, size bounded. */
export function jsonRecord(source: object): Frontmatter {
  const budget = { left: MOST_VALUES };
  const value = jsonValue(source, DEEPEST, budget);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Frontmatter) : {};
}

function jsonValue(value: unknown, depth: number, budget: { left: number }): unknown {
  if (budget.left-- <= 0) return null;
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth === 0) return null;
  if (Array.isArray(value)) return value.slice(0, 500).map((item) => jsonValue(item, depth - 1, budget));
  const entries = Object.entries(value)
    .filter(([key]) => key !== '__proto__')
    .map(([key, item]) => [clean(key).slice(0, 100), jsonValue(item, depth - 1, budget)] as const);
  return Object.fromEntries(entries);
}
