/**
 * Tokens of a text, estimated without a tokenizer, and texts cut to a number of them.
 *
 * Latin prose and Markdown run at about four characters a token, Chinese, Japanese and Korean at about one, other
 * scripts at about two and a half. The estimate is meant for budgets: within a fifth of the real count for
 * definitions written in English.
 */

const PER_LATIN = 1 / 4;
const PER_WIDE = 1;
const PER_OTHER = 1 / 2.5;

export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let i = 0; i < text.length; i++) tokens += weightOf(text.charCodeAt(i));
  return Math.ceil(tokens);
}

function weightOf(unit: number): number {
  if (unit < 0x250) return PER_LATIN;
  return unit >= 0x2e80 && unit < 0xfb00 ? PER_WIDE : PER_OTHER;
}

export interface CutText {
  readonly text: string;
  readonly tokens: number;
  readonly truncated: boolean;
}

/** The paragraphs that fit; where not even the first does, its lines, its words. */
export function cutToTokens(text: string, most: number): CutText {
  const tokens = estimateTokens(text);
  if (tokens <= most) return { text, tokens, truncated: false };
  const fitting = text.slice(0, fittingLength(text, most));
  const kept = fitting.slice(0, boundaryOf(fitting, text)).trimEnd();
  return { text: kept, tokens: estimateTokens(kept), truncated: true };
}

/** Characters whose estimate is at most `most`, no half ones. */
function fittingLength(text: string, most: number): number {
  let tokens = 0;
  let length = 0;
  while (length < text.length) {
    tokens += weightOf(text.charCodeAt(length));
    if (tokens > most) break;
    length++;
  }
  return /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
}

/** Where `fitting`, the beginning of `text`, is best cut. */
function boundaryOf(fitting: string, text: string): number {
  if (text.startsWith('\n\n', fitting.length)) return fitting.length;
  for (const boundary of ['\n\n', '\n', ' ']) {
    const at = fitting.lastIndexOf(boundary);
    if (at > 0) return at;
  }
  return fitting.length;
}
