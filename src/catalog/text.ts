/**
 * Text of others, made harmless and bounded.
 *
 *   bytes → decode (BOM, CRLF, UTF-16, invalid sequences, NUL) → clean (control and hidden characters) → cap
 */
import { isUtf8 } from 'node:buffer';

/** Longest texts kept of one definition, in UTF-16 units. */
export const caps = {
  name: 120,
  description: 4000,
  tag: 60,
  tags: 32,
  argument: 400,
  title: 160,
  model: 100,
} as const;

/** Share of unreadable bytes from which a file is taken for a binary one. */
const BINARY_SHARE = 0.02;

// Characters that steer or hide text rather than being it: C0 but tab and newline, DEL, C1, bidirectional
// controls, zero-width ones (joiners stay: scripts and emoji need them), tags, supplementary variation selectors,
// halves of characters.
const hidden =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;
// Most texts have none of these, and a test is cheaper than a replacement.
const mayHide = /[^\t\n\x20-\x7e\u00a0-\u00ac\u00ae-\u0610]/;

export interface Decoded {
  readonly text: string;
  /** What was wrong with the bytes, if anything. */
  readonly fault?: 'invalid-utf8' | 'nul';
}

/** Bytes of a text file as text with `\n` line ends, or undefined for what is no text. */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const wide = utf16Of(bytes);
  if (wide !== undefined) return { text: normalizeLines(wide) };
  const valid = isUtf8(bytes);
  const hasNul = bytes.includes(0);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (valid && !hasNul) return { text: normalizeLines(text) };
  const unreadable = text.match(/[\0\ufffd]/g)?.length ?? 0;
  if (unreadable > Math.max(8, text.length * BINARY_SHARE)) return undefined;
  return {
    text: normalizeLines(text.replace(/[\0\ufffd]/g, '')),
    fault: valid ? 'nul' : 'invalid-utf8',
  };
}

function utf16Of(bytes: Uint8Array): string | undefined {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  const big = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!little && !big) return undefined;
  const even = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  const text = (big ? even.swap16() : even).toString('utf16le');
  return text.includes('\0') ? undefined : text;
}

function normalizeLines(text: string): string {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return start.includes('\r') ? start.replace(/\r\n?/g, '\n') : start;
}

/** Removes what steers or hides text; keeps tabs and line ends. */
export function clean(text: string): string {
  return mayHide.test(text) ? text.replace(hidden, '') : text;
}

/** One clean line of at most `max` units, cut between words where that is near. */
export function cleanLine(text: string, max: number): string {
  return cut(
    clean(text.slice(0, max * 4))
      .replace(/\s+/g, ' ')
      .trim(),
    max,
  );
}

/** At most `max` UTF-16 units, no half characters, an ellipsis where something was cut. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const hard = text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '');
  const space = hard.lastIndexOf(' ');
  return `${(space > max * 0.8 ? hard.slice(0, space) : hard).trimEnd()}…`;
}

/** Markdown marks taken off a piece of a line: `**Step** [a](b)` → `Step a`. */
export function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_]{2,3}([^*_]+)[*_]{2,3}/g, '$1')
    .replace(/`+/g, '')
    .replace(/^\s*[#>*+-]+\s+/, '')
    .replace(/<[^>]{1,80}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Line of the character at `offset`; the first line is 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The form in which names are compared: `Code Reviewer`, `code_reviewer` → `code-reviewer`. */
export function slug(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}
