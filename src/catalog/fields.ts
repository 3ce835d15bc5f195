/** Fields of a head as the catalogue needs them, whatever shape their author gave them. */
import type { Frontmatter } from './frontmatter.ts';
import { caps, cleanLine } from './text.ts';

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
export function listField(fields: Frontmatter, names: readonly string[], max: number = caps.tag): string[] {
  for (const name of names) {
    const value = fields[name];
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,;\n]/) : [];
    const tags = items
      .filter((item) => typeof item === 'string' || typeof item === 'number')
      .map((item) => cleanLine(String(item), max))
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

const prose =
  /^(?:readme|index|changelog|contributing|license|notice|agents|claude|todo)(?:[._-][a-z]{2}(?:[_-][a-z]{2,4})?)?\.md$/i;

/** Files that lie about in such folders and define nothing unless their head says so; also `README.zh-CN.md`. */
export function isProse(within: string): boolean {
  return prose.test(within.slice(within.lastIndexOf('/') + 1));
}
