/**
 * Remembers what each word of a text led to, so that a word that comes again costs a hash and no string.
 *
 *   text → characters → hash of each run of letters and digits → remembered terms
 *                                                └ new: cut out, analysed, remembered
 *
 * Most of building an index is reading bodies, and most of their words were seen before.
 */
import { fold, tokensOfWord, wordsOf } from './analyzer.ts';
import type { GrowingDictionary } from './term-dictionary.ts';

/** Words remembered at most; later ones are analysed each time. */
const MOST_WORDS = 1 << 15;
/** FNV-1a, and a second hash with another prime: together 64 bits tell words apart. */
const OFFSET = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const OTHER_PRIME = 0x5bd1e995;

export interface WordMemory {
  /** Calls `each` with the number of every term of `text` in order. */
  terms(text: string, each: (term: number) => void): void;
}

export function createWordMemory(dictionary: GrowingDictionary): WordMemory {
  const mask = MOST_WORDS * 2 - 1;
  const first = new Int32Array(mask + 1);
  const second = new Int32Array(mask + 1);
  /** 1 + index of the word's terms, 0 where the slot is free. */
  const place = new Int32Array(mask + 1);
  const remembered: (readonly number[])[] = [];

  const analyse = (word: string): readonly number[] =>
    tokensOfWord(word).map(({ term }) => dictionary.add(term));
  const recall = (text: string, start: number, end: number, a: number, b: number): readonly number[] => {
    let slot = (a ^ (b >>> 7)) & mask;
    for (; place[slot] > 0; slot = (slot + 1) & mask) {
      if (first[slot] === a && second[slot] === b) return remembered[place[slot] - 1];
    }
    const terms = analyse(text.slice(start, end));
    if (remembered.length === MOST_WORDS) return terms;
    first[slot] = a;
    second[slot] = b;
    place[slot] = remembered.push(terms);
    return terms;
  };
  const scan = (text: string, each: (term: number) => void): void => {
    let start = -1;
    let a = OFFSET;
    let b = 0;
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 0;
      if (isWordCharacter(code)) {
        if (start < 0) start = i;
        a = Math.imul(a ^ code, PRIME);
        b = Math.imul(b + code, OTHER_PRIME) ^ (b >>> 15);
      } else if (start >= 0) {
        for (const term of recall(text, start, i, a, b)) each(term);
        start = -1;
        a = OFFSET;
        b = 0;
      }
    }
  };
  return {
    terms: (text, each) => {
      const folded = fold(text);
      if (!beyondFirstPlane.test(folded)) scan(folded, each);
      else for (const word of wordsOf(text)) for (const term of analyse(word)) each(term);
    },
  };
}

/** Letters there take two code units; rare enough to be analysed without memory. Emoji are no letters. */
const beyondFirstPlane = /(?=[\p{L}\p{N}])[\u{10000}-\u{3ffff}]/u;

const LETTER = 1;
const OTHER = 2;
/** What each code unit is, found out when it is first met. */
const sorts = new Uint8Array(1 << 16);

function isWordCharacter(code: number): boolean {
  const sort = sorts[code];
  if (sort > 0) return sort === LETTER;
  sorts[code] = /^[\p{L}\p{N}]$/u.test(String.fromCharCode(code)) ? LETTER : OTHER;
  return sorts[code] === LETTER;
}
