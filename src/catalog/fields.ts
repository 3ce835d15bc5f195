/** Fields of a head as the catalogue needs them, whatever shape their author gave them. */
import type { Frontmatter } from './frontmatter.ts';
import { caps, clean, cleanLine, cut, plain } from './text.ts';

/** A field as one line of text; '' where it is absent or no text. */
export function textField(fields: Frontmatter, name: string, max: number): string {
  const value = fields[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(', ') : value;
  if (typeof text !== 'string') return '';
  // Heads written by machines carry line ends as two characters.
  return cleanLine(text.replace(/\\n/g, '\n').replace(/\\(["'])/g, '$1'), max);
}

/** The first of these fields that has items, as distinct tags. Texts are lists with commas. */
export function listField(fields: Frontmatter, names: readonly string[]): string[] {
  for (const name of names) {
    const value = fields[name];
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,;\n]/) : [];
    const tags = items
      .filter((item) => typeof item === 'string' || typeof item === 'number')
      .map((item) => cleanLine(String(item), caps.tag))
      .filter((tag) => tag !== '');
    if (tags.length > 0) return [...new Set(tags)].slice(0, caps.tags);
  }
  return [];
}

/** Hints such as `[issue] [--fast]` as they were written, though YAML makes lists of them. */
export function rawField(fields: Frontmatter, names: readonly string[], max: number): string {
  for (const name of names) {
    const value = fields[name];
    if (Array.isArray(value)) return cleanLine(`[${value.map(hintOf).join(', ')}]`, max);
    if (typeof value === 'string' && value.trim() !== '') return cleanLine(value, max);
  }
  return '';
}

function hintOf(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'name' in item) return String(item.name);
  return typeof item === 'object' ? '' : String(item);
}

/** What a body says it is: its first heading and the paragraph under it. */
export function describe(body: string, name: string): string {
  const lines = clean(body.slice(0, 20_000)).split('\n');
  const heading = lines.findIndex((line) => /^#{1,3}\s+\S/.test(line));
  const title = heading < 0 ? '' : titleOf(lines[heading], name);
  const paragraph = firstParagraph(heading < 0 ? lines : lines.slice(heading + 1), heading < 0);
  const joined =
    title !== '' && paragraph !== '' ? `${title.replace(/[.:]$/, '')}. ${paragraph}` : title || paragraph;
  return cut(joined || name, caps.description);
}

/** `# /plugin:name - Title` → `Title`. */
function titleOf(line: string, name: string): string {
  const title = plain(line.replace(/^#+\s+/, '').replace(/#+\s*$/, ''));
  const rest = title.replace(/^\/[\w:.-]+\s*(?:[-–—:]\s*)?/, '');
  return rest === '' && title.startsWith('/') ? '' : rest || name;
}

function firstParagraph(lines: readonly string[], anywhere: boolean): string {
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0 || (!anywhere && !isText(lines[start]))) return '';
  const first = anywhere ? lines.findIndex(isText) : start;
  if (first < 0) return '';
  const length = lines.slice(first).findIndex((line) => !isText(line));
  return cleanLine(
    plain(
      lines
        .slice(first, length < 0 ? undefined : first + length)
        .join(' ')
        .slice(0, 2000),
    ),
    600,
  );
}

/** A line of running text: no heading, fence, rule, table, list or comment. */
function isText(line: string): boolean {
  return (
    line.trim() !== '' &&
    !/^\s*(?:#{1,6}\s|```|~~~|---|\*\*\*|\||[-*+]\s|\d+[.)]\s|<!--|<[a-z]+>)/i.test(line)
  );
}

/** Files that lie about in such folders and define nothing unless their head says so. */
export function isProse(within: string): boolean {
  return /(?:^|\/)(?:readme|index|changelog|contributing|license|notice|agents|claude|todo)[^/]*\.md$/i.test(
    within,
  );
}
