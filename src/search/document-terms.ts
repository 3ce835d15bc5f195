/**
 * How often each term occurs in each field of one document, as bytes that can be kept.
 *
 *   lengths of the fields, u32 each (little-endian) · distinct terms of the name, u8 ·
 *   each term: length u8, UTF-8, fields it occurs in (bit set), occurrences in each of these, u8
 */
import { createDictionary } from './term-dictionary.ts';
import { createWordMemory } from './word-memory.ts';

export interface Fields {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly plugin: string;
  readonly body: string;
}

export const fieldNames = ['name', 'description', 'capabilities', 'plugin', 'body'] as const;
export type FieldName = (typeof fieldNames)[number];
const width = fieldNames.length;

/** Beyond this many occurrences in one field a word says nothing more. */
const MOST_OCCURRENCES = 255;
const NAME_LENGTH_AT = width * 4;
const TERMS_AT = NAME_LENGTH_AT + 1;

export interface DocumentTerms {
  /** Terms of each field, repetitions counted. */
  readonly lengths: readonly number[];
  /** Distinct terms of the name, 255 at most. */
  readonly nameLength: number;
  /**
   * Every distinct term in order of its first occurrence: its bytes lie from `start` to `end` of `bytes`, and `counts`
   * has its occurrences in each field. Both are only lent.
   */
  each(visit: (bytes: Uint8Array, start: number, end: number, counts: Uint8Array) => void): void;
}

export function readTerms(bytes: Uint8Array): DocumentTerms {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    lengths: fieldNames.map((_, f) => view.getUint32(f * 4, true)),
    nameLength: bytes[NAME_LENGTH_AT],
    each: (visit) => {
      const counts = new Uint8Array(width);
      for (let at = TERMS_AT; at < bytes.length; ) {
        const start = at + 1;
        const end = start + bytes[at];
        at = end + 1;
        for (let f = 0; f < width; f++) counts[f] = bytes[end] & (1 << f) ? bytes[at++] : 0;
        visit(bytes, start, end, counts);
      }
    },
  };
}

/** Counts the terms of documents, one after the other; words are remembered between them. */
export function createTermCounter(): (fields: Fields) => Uint8Array {
  const dictionary = createDictionary();
  const words = createWordMemory(dictionary);
  const counter = createCounter();
  return (fields) => {
    const lengths = new Array<number>(width).fill(0);
    let nameLength = 0;
    for (const [f, field] of fieldNames.entries()) {
      const value = fields[field];
      words.terms(typeof value === 'string' ? value : value.join(' ; '), (term) => {
        counter.count(term, f);
        lengths[f]++;
      });
      if (field === 'name') nameLength = Math.min(255, counter.size());
    }
    const writer = createWriter(lengths, nameLength);
    counter.drain((term, counts) => writer.add(dictionary.bytesOf(term), counts));
    return writer.bytes();
  };
}

interface Counter {
  count(term: number, field: number): void;
  /** Distinct terms so far. */
  size(): number;
  /** Hands out the counts of each term, one number a field, and forgets them. */
  drain(each: (term: number, counts: Uint8Array) => void): void;
}

/** Occurrences of terms in the fields of one document. */
function createCounter(): Counter {
  /** Terms of this document in order of arrival; for each its place in that order, plus one. */
  const terms: number[] = [];
  let places = new Uint32Array(1 << 12);
  let counts = new Uint8Array(width << 10);
  const enter = (term: number): number => {
    terms.push(term);
    while (term >= places.length) places = doubled(places);
    if (terms.length * width > counts.length) counts = doubled(counts);
    places[term] = terms.length;
    return terms.length;
  };
  return {
    count: (term, field) => {
      const place = places[term] || enter(term);
      const at = (place - 1) * width + field;
      if (counts[at] < MOST_OCCURRENCES) counts[at]++;
    },
    size: () => terms.length,
    drain: (each) => {
      terms.forEach((term, i) => {
        each(term, counts.subarray(i * width, (i + 1) * width));
        places[term] = 0;
      });
      counts.fill(0, 0, terms.length * width);
      terms.length = 0;
    },
  };
}

interface Writer {
  add(term: Uint8Array, counts: Uint8Array): void;
  bytes(): Uint8Array;
}

function createWriter(lengths: readonly number[], nameLength: number): Writer {
  let bytes = new Uint8Array(1 << 12);
  const view = new DataView(bytes.buffer);
  for (const [f, length] of lengths.entries()) view.setUint32(f * 4, length, true);
  bytes[NAME_LENGTH_AT] = nameLength;
  let at = TERMS_AT;
  return {
    add: (term, counts) => {
      if (at + term.length + 2 + width > bytes.length) bytes = doubled(bytes);
      bytes[at++] = term.length;
      bytes.set(term, at);
      at += term.length;
      const fieldsAt = at++;
      for (let f = 0; f < width; f++) {
        if (counts[f] === 0) continue;
        bytes[fieldsAt] |= 1 << f;
        bytes[at++] = counts[f];
      }
    },
    bytes: () => bytes.slice(0, at),
  };
}

/** The same in an array twice as long. */
export function doubled<T extends Uint8Array | Uint32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}
