/**
 * Words of the catalogue as they are spelt, to mend typing errors against.
 *
 *   unknown word → words of about its length that share most of its letters → the nearest by edit distance
 *
 * The letters of a word are a 32-bit signature: an edit changes two of its bits at most, so most words are ruled out
 * by one comparison of integers.
 */
import { distance } from './edit-distance.ts';
import { createDictionary, type DictionaryArrays, readDictionary } from './term-dictionary.ts';

/** Shorter words have too many neighbours: `UX` would become `UI`. */
const SHORTEST = 4;
/** Words from this length on may hold two errors. */
const TWO_ERRORS = 8;

export interface Spelling {
  /** The word most likely meant by one that is not known here, or undefined. */
  mend(word: string): string | undefined;
  /** What `readSpelling` makes the same of. */
  readonly arrays: SpellingArrays;
}

/** The words, and what is known of each of them. */
export type SpellingArrays = DictionaryArrays & KnownWords;

export interface SpellingBuilder {
  add(word: string): void;
  build(): Spelling;
}

export function createSpelling(): SpellingBuilder {
  const words = createDictionary();
  const counts: number[] = [];
  const lengths: number[] = [];
  const signatures: number[] = [];
  return {
    add: (word) => {
      if (word.length < SHORTEST) return;
      const id = words.add(word);
      if (id === counts.length) {
        counts.push(0);
        lengths.push(Math.min(word.length, 255));
        signatures.push(signature(word));
      }
      counts[id]++;
    },
    build: () => {
      const known = {
        counts: Uint32Array.from(counts),
        lengths: Uint8Array.from(lengths),
        signatures: Uint32Array.from(signatures),
      };
      return readSpelling({ ...words.freeze().arrays(), ...known });
    },
  };
}

export function readSpelling(arrays: SpellingArrays): Spelling {
  const words = readDictionary(arrays);
  return { mend: (word) => mend(word, arrays, words.term), arrays };
}

interface KnownWords {
  /** Occurrences. */
  readonly counts: Uint32Array;
  readonly lengths: Uint8Array;
  readonly signatures: Uint32Array;
}

function mend(word: string, known: KnownWords, spell: (id: number) => string): string | undefined {
  if (word.length < SHORTEST || /[0-9]/.test(word)) return undefined;
  let allowed = word.length >= TWO_ERRORS ? 2 : 1;
  const letters = signature(word);
  let best: { word: string; count: number } | undefined;
  for (let id = 0; id < known.counts.length; id++) {
    if (Math.abs(known.lengths[id] - word.length) > allowed) continue;
    if (bits(known.signatures[id] ^ letters) > 2 * allowed) continue;
    const candidate = spell(id);
    const errors = errorsBetween(word, candidate, allowed);
    if (errors > allowed || (best && errors === allowed && known.counts[id] <= best.count)) continue;
    allowed = errors;
    best = { word: candidate, count: known.counts[id] };
  }
  return best?.word;
}

/** Edit distance; a wrong first letter, other than swapped with the second, is rarely a typing error. */
function errorsBetween(word: string, candidate: string, max: number): number {
  const sameStart = word[0] === candidate[0] || (word[0] === candidate[1] && word[1] === candidate[0]);
  return sameStart ? distance(word, candidate, max) : max + 1;
}

function signature(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters >>> 0;
}

function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
