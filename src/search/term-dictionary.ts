/** Terms as numbers: the bytes of all terms end to end and a hash table over them; no string is kept. */

/** A dictionary as bytes: what may be kept. */
export interface DictionaryData {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly slots: Int32Array<ArrayBuffer>;
}

export interface TermDictionary {
  readonly size: number;
  /** Number of a term, or −1. */
  find(term: string): number;
  /** The term of a number. */
  term(id: number): string;
  /** To be taken from a frozen one. */
  data(): DictionaryData;
}

export interface GrowingDictionary extends TermDictionary {
  /** Number of a term, new if need be. */
  add(term: string): number;
  /** Gives back the memory kept for growth. */
  freeze(): TermDictionary;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Terms are cut by the analyzer long before this. */
const scratch = new Uint8Array(1024);

/** @param kept what another one was frozen to; absent: an empty dictionary */
export function createDictionary(kept?: DictionaryData): GrowingDictionary {
  let bytes = kept?.bytes ?? new Uint8Array(1 << 14);
  let starts = kept?.starts ?? new Uint32Array(1 << 11);
  let slots = kept?.slots ?? new Int32Array(1 << 12).fill(-1);
  let size = kept ? kept.starts.length - 1 : 0;

  const matches = (id: number, length: number): boolean => {
    const start = starts[id];
    if (starts[id + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== scratch[i]) return false;
    return true;
  };
  /** Slot of the term in `scratch`: its own or the free one where it belongs. */
  const locate = (length: number): number => {
    const mask = slots.length - 1;
    let slot = hash(scratch, 0, length) & mask;
    while (slots[slot] >= 0 && !matches(slots[slot], length)) slot = (slot + 1) & mask;
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
  const append = (length: number): number => {
    const start = starts[size];
    if (start + length > bytes.length) bytes = resized(bytes, Math.max(bytes.length * 2, start + length));
    if (size + 2 > starts.length) starts = resized(starts, starts.length * 2);
    bytes.set(scratch.subarray(0, length), start);
    starts[size + 1] = start + length;
    return size++;
  };
  const dictionary: GrowingDictionary = {
    get size() {
      return size;
    },
    find: (term) => slots[locate(encode(term))],
    term: (id) => decoder.decode(bytes.subarray(starts[id], starts[id + 1])),
    add: (term) => {
      const length = encode(term);
      const slot = locate(length);
      if (slots[slot] >= 0) return slots[slot];
      const id = append(length);
      slots[slot] = id;
      if (size * 2 > slots.length) grow();
      return id;
    },
    data: () => ({ bytes, starts, slots }),
    freeze: () => {
      bytes = bytes.slice(0, starts[size]);
      starts = starts.slice(0, size + 1);
      return dictionary;
    },
  };
  return dictionary;
}

function resized<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let i = start; i < end; i++) value = Math.imul(value ^ bytes[i], 0x01000193);
  return value >>> 0;
}
