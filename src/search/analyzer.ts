/**
 * Text → terms, the same for definitions and for queries.
 *
 *   text → symbol words → fold (marks, case) → words → parts of identifiers → stop words → stems
 *
 * - `C++`, `C#`, `F#`, `.NET` become words before punctuation parts text; `k8s`, `i18n`, `R`, `Go`, `UX` are whole
 *   words and never found inside another.
 * - `useEffect`, `HTTPServer`, `snake_case` give their parts, and joined-up compounds their whole as well; parts of
 *   one or two letters are not words (`linUX` does not speak of UX).
 * - Han, kana and Hangul give overlapping pairs of characters; Cyrillic loses its inflection.
 */
import { stem, stemCyrillic } from './stemmer.ts';

/** Words longer than this are noise (hashes, encoded data). */
const LONGEST_WORD = 40;

const stopWords = new Set(
  (
    'a an and are as at be been being both but by can cannot could did do does doing done each either else ever every ' +
    'few for from get gets getting got had has have having he help helps her hers him his how i if in into is it its ' +
    'itself just let lets like make makes making many may me might more most much must my need needs no nor not of on ' +
    'one only onto or other our ours out over own please same shall she should so some such than that the their ' +
    'theirs them then there these they this those through thus to too up upon us very via want wants was we were what ' +
    'when where whether which while who whom whose why will with within without would you your yours also am any ' +
    'anyone anything because between ll ve re don doesn didn isn aren wasn couldn wouldn shouldn won hasn haven im'
  ).split(' '),
);

const symbolWords: readonly (readonly [RegExp, string])[] = [
  [/(?<![\p{L}\p{N}])c\+\+/giu, ' cplusplus '],
  [/(?<![\p{L}\p{N}])c#/giu, ' csharp '],
  [/(?<![\p{L}\p{N}])f#/giu, ' fsharp '],
  [/(?<![\p{L}\p{N}_])\.net(?![\p{L}\p{N}_])/giu, ' dotnet '],
];

const wordRun = /[\p{L}\p{N}]+/gu;
const asciiRun = /[A-Za-z0-9]+/g;
const scripts =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}ー]+|[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}ー]+/gu;
const pairedScript = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;
const identifierParts = /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+/g;

/** The only single letters that are words: the languages C and R. */
const letterWords = new Set(['c', 'r']);

/** Whether a word (lower case) is left out of what is indexed. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

/** One word of a text: the term it is indexed under, and how it read. */
export interface Token {
  readonly term: string;
  /** Folded, unstemmed; for a part of an identifier that part. */
  readonly word: string;
}

/** All tokens of `text` in order, stop words left out. */
export function tokenize(text: string): Token[] {
  return wordsOf(text).flatMap(tokensOfWord);
}

/** The words of `text` as they are written, symbol words spelt out and marks dropped. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded.match(isAscii(folded) ? asciiRun : wordRun) ?? [];
}

/** The tokens of one of `wordsOf`: none of a stop word, several of a compound. Depends on the word alone. */
export function tokensOfWord(word: string): Token[] {
  const tokens: Token[] = [];
  addWord(word, tokens);
  return tokens;
}

/** The terms of `text` in order, repeated as they occur. */
export function analyze(text: string): string[] {
  return tokenize(text).map((token) => token.term);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** `text` with its symbol words spelt out and its marks dropped, case as it was. */
export function fold(text: string): string {
  let folded = text;
  if (/[+#.]/.test(text)) {
    for (const [pattern, word] of symbolWords) folded = folded.replace(pattern, word);
  }
  if (isAscii(folded)) return folded;
  return folded
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}

function addWord(word: string, tokens: Token[]): void {
  if (isAscii(word)) {
    if (word.length <= LONGEST_WORD) addIdentifier(word, tokens);
    return;
  }
  for (const [run] of word.matchAll(scripts)) {
    if (pairedScript.test(run)) addPairs([...run], tokens);
    else if (run.length <= LONGEST_WORD) addForeign(run.toLowerCase(), tokens);
  }
}

function addIdentifier(word: string, tokens: Token[]): void {
  const lower = word.toLowerCase();
  addTerm(lower, tokens);
  if (lower === word && !/[0-9]/.test(word)) return;
  const parts = word.match(identifierParts) ?? [];
  if (parts.length < 2) return;
  for (const part of parts) {
    if (part.length > 2 && !/^[0-9]/.test(part)) addTerm(part.toLowerCase(), tokens);
  }
}

function addTerm(word: string, tokens: Token[]): void {
  if (stopWords.has(word) || (word.length === 1 && !letterWords.has(word))) return;
  tokens.push({ term: stem(word), word });
}

/** Overlapping pairs: these scripts do not part their words. A lone character stands for itself. */
function addPairs(characters: readonly string[], tokens: Token[]): void {
  if (characters.length === 1) tokens.push({ term: characters[0], word: characters[0] });
  for (let i = 0; i + 1 < characters.length; i++) {
    const pair = characters[i] + characters[i + 1];
    tokens.push({ term: pair, word: pair });
  }
}

function addForeign(word: string, tokens: Token[]): void {
  if (isAscii(word)) addIdentifier(word, tokens);
  else tokens.push({ term: /^[\u0400-\u04ff]+$/.test(word) ? stemCyrillic(word) : word, word });
}
