/** Terms as numbers: the bytes of all terms end to end and a hash table over them; no string is kept. */

export interface TermDictionary {
  readonly size: number;
  /** Number of a term, or −1. */
  find(term: string): number;
  /** The term of a number. */
  term(id: number): string;
  /** The same in UTF-8; to read, not to keep. */
  bytesOf(id: number): Uint8Array;
  /** What `readDictionary` makes the same dictionary of. */
  arrays(): DictionaryArrays;
}

/** The bytes of all terms, where each of them starts (and the last one ends), the hash table: ids, −1 where free. */
export type DictionaryArrays = {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly slots: Int32Array;
};

export interface GrowingDictionary extends TermDictionary {
  /** Number of a term, new if need be. */
  add(term: string): number;
  /** The same for a term in UTF-8, from `start` to `end` of `source`. */
  addBytes(source: Uint8Array, start: number, end: number): number;
  /** Gives back the memory kept for growth. */
  freeze(): TermDictionary;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Terms are cut by the analyzer long before this. */
const scratch = new Uint8Array(1024);

export function createDictionary(): GrowingDictionary {
  const bytes = new Uint8Array(1 << 14);
  const starts = new Uint32Array(1 << 11);
  const slots = new Int32Array(1 << 12).fill(-1);
  return dictionaryOf({ bytes, starts, slots }, 0);
}

export function readDictionary(arrays: DictionaryArrays): TermDictionary {
  return dictionaryOf(arrays, arrays.starts.length - 1);
}

function dictionaryOf(initial: DictionaryArrays, terms: number): GrowingDictionary {
  let { bytes, starts, slots } = initial;
  let size = terms;

  const matches = (id: number, source: Uint8Array, from: number, length: number): boolean => {
    const start = starts[id];
    if (starts[id + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== source[from + i]) return false;
    return true;
  };
  /** Slot of a term: its own or the free one where it belongs. */
  const locate = (source: Uint8Array, start: number, end: number): number => {
    const mask = slots.length - 1;
    let slot = hash(source, start, end) & mask;
    while (slots[slot] >= 0 && !matches(slots[slot], source, start, end - start)) slot = (slot + 1) & mask;
    return slot;
  };
  const encode = (term: string): number => encoder.encodeInto(term, scratch).written;
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let id = 0; id < size; id++) {
      let slot = hash(bytes, starts[id], starts[id + 1]) & (slots.length - 1);
      while (slots[slot] >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = id;
    }
  };
  const append = (term: Uint8Array): number => {
    const start = starts[size];
    const end = start + term.length;
    if (end > bytes.length) bytes = resized(bytes, Math.max(bytes.length * 2, end));
    if (size + 2 > starts.length) starts = resized(starts, starts.length * 2);
    bytes.set(term, start);
    starts[size + 1] = end;
    return size++;
  };
  const addBytes = (source: Uint8Array, start: number, end: number): number => {
    const slot = locate(source, start, end);
    if (slots[slot] >= 0) return slots[slot];
    const id = append(source.subarray(start, end));
    slots[slot] = id;
    if (size * 2 > slots.length) grow();
    return id;
  };
  const bytesOf = (id: number): Uint8Array => bytes.subarray(starts[id], starts[id + 1]);
  const dictionary: GrowingDictionary = {
    get size() {
      return size;
    },
    find: (term) => slots[locate(scratch, 0, encode(term))],
    term: (id) => decoder.decode(bytesOf(id)),
    bytesOf,
    arrays: () => ({ bytes, starts, slots }),
    add: (term) => addBytes(scratch, 0, encode(term)),
    addBytes,
    freeze: () => {
      bytes = bytes.slice(0, starts[size]);
      starts = starts.slice(0, size + 1);
      return dictionary;
    },
  };
  return dictionary;
}

function resized<T extends Uint8Array | Uint32Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) value = Math.imul(value ^ bytes[i], 0x01000193);
  return value >>> 0;
}
