/**
 * What a text says it is, for definitions whose head does not say it.
 *
 *   a paragraph above the first heading, else that heading and the paragraph under it
 */
import { caps, clean, cleanLine, cut, plain } from './text.ts';

const LONGEST_READ = 20_000;
const LONGEST_PARAGRAPH = 600;

/** At most `caps.description` units; `name` where the text says nothing. */
export function describe(body: string, name: string): string {
  const lines = clean(body.slice(0, LONGEST_READ)).split('\n');
  const heading = lines.findIndex((line) => /^#{1,3}\s+\S/.test(line));
  if (heading < 0) return firstParagraph(lines) || name;
  const above = firstParagraph(lines.slice(0, heading));
  if (above !== '') return above;
  const title = titleOf(lines[heading], name);
  const below = lines.slice(heading + 1);
  const paragraph = title === '' ? firstParagraph(below) : paragraphAtStart(below);
  const sentence = title.replace(/[.:]$/, '');
  return cut([sentence, paragraph].filter((part) => part !== '').join('. ') || name, caps.description);
}

/** Headings that say what follows rather than what the whole is. */
const general =
  /^(?:steps?|instructions?|usage|overview|introduction|task|your task|purpose|workflow|process)$/i;

/** `# /plugin:name - Title` → `Title`; '' for one that tells nothing. */
function titleOf(line: string, name: string): string {
  const title = plain(line.replace(/^#+\s+/, '').replace(/#+\s*$/, ''));
  const rest = title.replace(/^\/[\w:.-]+\s*(?:[-–—:]\s*)?/, '');
  if (rest === '') return title.startsWith('/') ? '' : name;
  return general.test(rest.replace(/:$/, '')) ? '' : rest;
}

function firstParagraph(lines: readonly string[]): string {
  const first = lines.findIndex(isText);
  return first < 0 ? '' : paragraphAtStart(lines.slice(first));
}

/** The paragraph these lines start with; '' where something else comes first. */
function paragraphAtStart(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0) return '';
  const length = lines.slice(start).findIndex((line) => !isText(line));
  const paragraph = lines.slice(start, length < 0 ? undefined : start + length);
  return cleanLine(plain(paragraph.join(' ').slice(0, 4 * LONGEST_PARAGRAPH)), LONGEST_PARAGRAPH);
}

/** A line of running text: no heading, fence, rule, table, list or comment. */
function isText(line: string): boolean {
  return (
    line.trim() !== '' &&
    !/^\s*(?:#{1,6}\s|```|~~~|---|\*\*\*|\||[-*+]\s|\d+[.)]\s|<!--|<[a-z]+>)/i.test(line)
  );
}
