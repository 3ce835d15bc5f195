/**
 * Compact sketches of texts, to see whether two are nearly the same without keeping them.
 *
 * One-permutation MinHash: each pair of neighbouring words is hashed once, the hash's first bits choose a slot, and
 * the slot keeps the smallest rest. The share of equal slots estimates the Jaccard similarity of the two sets of
 * pairs. P. Li, A. Owen, C.-H. Zhang, "One permutation hashing", NIPS 2012.
 */

export const SKETCH_SLOTS = 64;
const EMPTY = 0xffff;
/** FNV-1a, 32 bits. */
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
/** Characters beyond this do not change the picture. */
const MOST_TEXT = 40_000;

/** The sketch of a text, `SKETCH_SLOTS` numbers. Case, punctuation and space do not matter. */
export function sketchOf(text: string): Uint16Array {
  const sketch = new Uint16Array(SKETCH_SLOTS).fill(EMPTY);
  const end = Math.min(text.length, MOST_TEXT);
  let previous = 0;
  let hash = FNV_OFFSET;
  for (let i = 0; i <= end; i++) {
    const code = i < end ? letter(text.charCodeAt(i)) : 0;
    if (code > 0) hash = Math.imul(hash ^ code, FNV_PRIME);
    else if (hash !== FNV_OFFSET) {
      note(sketch, mix(Math.imul(previous, 31) ^ hash));
      previous = hash;
      hash = FNV_OFFSET;
    }
  }
  return sketch;
}

/** A letter or digit in lower case, 0 for what parts words. Beyond ASCII everything is a letter. */
function letter(code: number): number {
  if (code >= 97 && code <= 122) return code;
  if (code >= 65 && code <= 90) return code + 32;
  return (code >= 48 && code <= 57) || code > 127 ? code : 0;
}

function note(sketch: Uint16Array, pair: number): void {
  const slot = pair >>> 26;
  const rest = pair & 0xffff;
  if (rest < sketch[slot]) sketch[slot] = rest;
}

/** Estimated Jaccard similarity of two texts by their sketches, 0..1; 1 for two empty ones. */
export function resemblance(a: Uint16Array, b: Uint16Array): number {
  let filled = 0;
  let equal = 0;
  for (let i = 0; i < SKETCH_SLOTS; i++) {
    if (a[i] === EMPTY && b[i] === EMPTY) continue;
    filled++;
    if (a[i] === b[i]) equal++;
  }
  return filled === 0 ? 1 : equal / filled;
}

/** Finaliser of MurmurHash3: spreads every bit over all. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
