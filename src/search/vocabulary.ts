/** The tokens of the embedding as rows: the bytes of `vocab.txt` with a hash table over them; no string is kept. */

export interface Vocabulary {
  /** Row of a token, or -1. */
  find(token: string): number;
}

/**
 * Open addressing over the bytes of the file: no string is kept. The table is made when a token is first asked for.
 * @throws Error where the file does not have `count` lines
 */
export function indexVocabulary(bytes: Uint8Array, count: number): Vocabulary {
  let lines = bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? 1 : 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  if (lines !== count) throw new Error(`the vocabulary does not have ${count} tokens`);
  let find: Vocabulary['find'] | undefined;
  return {
    find: (token) => {
      find ??= createFinder(bytes, count);
      return find(token);
    },
  };
}

function createFinder(bytes: Uint8Array, count: number): Vocabulary['find'] {
  const starts = new Uint32Array(count + 1);
  let row = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) starts[++row] = i + 1;
  if (row < count) starts[count] = bytes.length + 1;
  const mask = 2 ** Math.ceil(Math.log2(count * 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  for (let i = 0; i < count; i++) {
    let slot = hashBytes(bytes, starts[i], starts[i + 1] - 1) & mask;
    while (slots[slot] >= 0) slot = (slot + 1) & mask;
    slots[slot] = i;
  }
  const token = new Uint8Array(512);
  const encoder = new TextEncoder();
  return (text) => {
    const { written } = encoder.encodeInto(text, token);
    for (let slot = hashBytes(token, 0, written) & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      const found = slots[slot];
      if (equalBytes(bytes, starts[found], starts[found + 1] - 1, token, written)) return found;
    }
    return -1;
  };
}

function equalBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  other: Uint8Array,
  length: number,
): boolean {
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== other[i]) return false;
  return true;
}

/** FNV-1a, 32 bits. */
function hashBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}
