/**
 * The first sentence of a description, for answers that cost few tokens.
 *
 *   first paragraph → first mark that really ends a sentence → at most so many characters, cut between words
 *
 * A full stop ends a sentence where white space and something other than a small letter follow, and the word
 * before is no abbreviation: `Node.js`, `v1.2`, `e.g. this` and URLs survive. Stops of CJK end one anywhere.
 */
import { cut } from '../catalog/text.ts';

const closers = '["\'”’)\\]」』）】*_`]*';
const ends = new RegExp(`[。！？｡]${closers}|(?<word>\\S*?)[.!?]+${closers}(?=\\s|$)`, 'gu');

/** Lower case, without the last stop. */
const abbreviations = new Set(
  'e.g i.e eg ie etc vs cf ca approx resp incl excl esp viz al no nr vol fig sec ch pp ed dr mr mrs ms prof st jr sr inc ltd co corp dept est min max'.split(
    ' ',
  ),
);
/** These end a sentence too when the next word has a capital. */
const mayEnd = new Set(['etc', 'inc', 'ltd', 'co', 'corp', 'al', 'jr', 'sr', 'min', 'max']);

/** @param most in UTF-16 units; a longer sentence is cut between words and ends in an ellipsis. */
export function firstSentence(text: string, most: number): string {
  const paragraph = firstParagraph(text).slice(0, most * 20);
  for (const match of paragraph.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (match.groups?.word === undefined || endsSentence(match.groups.word, paragraph, end)) {
      return cut(paragraph.slice(0, end), most);
    }
  }
  return cut(paragraph, most);
}

/** Up to a blank line, a list, a heading or an example; some files write line ends as `\n`. */
function firstParagraph(text: string): string {
  const lines = text.replaceAll('\\n', '\n').trim();
  const end = lines.search(/\n\s*(?:\n|[-*•#>]\s|\d+[.)]\s|<)|\s<example/);
  return (end < 0 ? lines : lines.slice(0, end)).replace(/\s+/g, ' ').trim();
}

function endsSentence(word: string, text: string, end: number): boolean {
  const next = /^\s*["'“‘([]?(\S)/u.exec(text.slice(end, end + 4))?.[1];
  if (next === undefined) return true;
  const mark = text.slice(end - 1, end);
  if (/^\p{Ll}$/u.test(next)) return false;
  if (mark !== '.') return true;
  const bare = word.replace(/^["'“‘([]+/, '').toLowerCase();
  if (/^(?:\p{L}\.)*\p{L}$/u.test(bare) && !/^[ai]$/.test(bare)) return false;
  if (/^\d+$/.test(bare) && text.slice(0, end).trim() === `${word}.`) return false;
  return !abbreviations.has(bare) || (mayEnd.has(bare) && /^\p{Lu}$/u.test(next));
}
