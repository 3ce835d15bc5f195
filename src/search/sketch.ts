/**
 * Compact sketches of texts, to see whether two are nearly the same without keeping them.
 *
 * One-permutation MinHash: each pair of neighbouring words is hashed once, the hash's first bits choose a slot, and
 * the slot keeps the smallest rest. The share of equal slots estimates the Jaccard similarity of the two sets of
 * pairs. P. Li, A. Owen, C.-H. Zhang, "One permutation hashing", NIPS 2012.
 */

export const SKETCH_SLOTS = 64;
const EMPTY = 0xffff;
/** Words beyond this do not change the picture. */
const MOST_WORDS = 5000;

/** The sketch of a text, `SKETCH_SLOTS` numbers. */
export function sketchOf(text: string): Uint16Array {
  const sketch = new Uint16Array(SKETCH_SLOTS).fill(EMPTY);
  let previous = 0;
  let words = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const hash = hashWord(word);
    const pair = mix(Math.imul(previous, 31) ^ hash);
    const slot = pair >>> 26;
    const rest = pair & 0xffff;
    if (rest < sketch[slot]) sketch[slot] = rest;
    previous = hash;
    if (++words === MOST_WORDS) break;
  }
  return sketch;
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

function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}

/** Finaliser of MurmurHash3: spreads every bit over all. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
