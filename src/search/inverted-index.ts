/**
 * Fielded inverted index in typed arrays.
 *
 *   fields → terms → counts per field → build → postings (document, weight of the head, weight of the body)
 *
 * The weights are the pseudo-frequencies of BM25F (Robertson, Zaragoza: "The probabilistic relevance framework:
 * BM25 and beyond", 2009, §3.6): occurrences per field, each divided by its field's length normalisation and
 * multiplied by its field's weight. `scorer.ts` saturates them.
 */
import { tokensOfWord, wordsOf } from './analyzer.ts';
import { createDictionary, type GrowingDictionary, type TermDictionary } from './term-dictionary.ts';

export interface Fields {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly plugin: string;
  readonly body: string;
}

export interface InvertedIndex {
  readonly dictionary: TermDictionary;
  readonly documents: number;
  /** Postings of term t lie at starts[t] … starts[t + 1]. */
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Pseudo-frequency in name, description, capabilities and plugin; 0 where the term is in the body alone. */
  readonly head: Float32Array;
  readonly body: Float32Array;
  /** Documents with the term in their head, per term. */
  readonly headFrequency: Uint32Array;
  /** 1 where the term is in the name. */
  readonly inName: Uint8Array;
  /** Distinct terms of each document's name. */
  readonly nameLength: Uint8Array;
}

export interface IndexBuilder {
  add(fields: Fields): void;
  /** @param pause called every few milliseconds of work */
  build(pause: () => Promise<void>): Promise<InvertedIndex>;
}

const fieldNames = ['name', 'description', 'capabilities', 'plugin', 'body'] as const;
type FieldName = (typeof fieldNames)[number];

/** Weight and length normalisation b of each field. */
const fieldWeights: Record<FieldName, { weight: number; b: number }> = {
  name: { weight: 3, b: 0.9 },
  description: { weight: 1, b: 0.9 },
  capabilities: { weight: 0.3, b: 0 },
  plugin: { weight: 0, b: 0 },
  body: { weight: 0.05, b: 0.75 },
};
/** Beyond this many occurrences in one field a word says nothing more. */
const MOST_OCCURRENCES = 255;
/** Words whose terms are remembered while an index is built. */
const MOST_WORDS = 100_000;
/** Postings handled between two pauses. */
const CHUNK = 1 << 16;

export function createIndexBuilder(): IndexBuilder {
  const dictionary = createDictionary();
  const occurrences = createOccurrences();
  const termsOfWord = createTermMemory(dictionary);
  const counter = createCounter();
  const lengths = fieldNames.map((): number[] => []);
  const nameLength: number[] = [];
  let documents = 0;
  return {
    add: (fields) => {
      fieldNames.forEach((field, f) => {
        const value = fields[field];
        let length = 0;
        for (const word of wordsOf(typeof value === 'string' ? value : value.join(' ; '))) {
          for (const term of termsOfWord(word)) {
            counter.count(term, f);
            length++;
          }
        }
        lengths[f].push(length);
        if (field === 'name') nameLength.push(Math.min(255, counter.size()));
      });
      counter.drain((term, frequencies) => occurrences.push(term, documents, frequencies));
      documents++;
    },
    build: async (pause) => {
      const sorted = await occurrences.sortByTerm(dictionary.size, pause);
      const weights = await weigh(sorted, lengths, dictionary.size, pause);
      const { starts, postings } = sorted;
      const name = Uint8Array.from(nameLength);
      return { dictionary: dictionary.freeze(), documents, starts, postings, nameLength: name, ...weights };
    },
  };
}

/** The terms of a word as numbers; most words come again, and stemming is the dear part. */
function createTermMemory(dictionary: GrowingDictionary): (word: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (word) => {
    const before = known.get(word);
    if (before) return before;
    const terms = tokensOfWord(word).map(({ term }) => dictionary.add(term));
    if (known.size < MOST_WORDS) known.set(word, terms);
    return terms;
  };
}

interface Counter {
  count(term: number, field: number): void;
  /** Distinct terms so far. */
  size(): number;
  /** Hands out the counts of each term, one number a field, and forgets them. */
  drain(each: (term: number, frequencies: Uint8Array) => void): void;
}

/** Occurrences of terms in the fields of one document. */
function createCounter(): Counter {
  const width = fieldNames.length;
  const slots = new Map<number, number>();
  let counts = new Uint8Array(width << 10);
  return {
    count: (term, field) => {
      let slot = slots.get(term);
      if (slot === undefined) {
        slot = slots.size;
        slots.set(term, slot);
        if (slots.size * width > counts.length) counts = doubled(counts);
      }
      const at = slot * width + field;
      if (counts[at] < MOST_OCCURRENCES) counts[at]++;
    },
    size: () => slots.size,
    drain: (each) => {
      for (const [term, slot] of slots) each(term, counts.subarray(slot * width, (slot + 1) * width));
      counts.fill(0, 0, slots.size * width);
      slots.clear();
    },
  };
}

interface SortedOccurrences {
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Counts per field, `fieldNames.length` bytes a posting. */
  readonly counts: Uint8Array;
}

interface Occurrences {
  push(term: number, document: number, frequencies: Uint8Array): void;
  sortByTerm(terms: number, pause: () => Promise<void>): Promise<SortedOccurrences>;
}

/** Postings in order of arrival, in arrays that double. */
function createOccurrences(): Occurrences {
  const width = fieldNames.length;
  let size = 0;
  let terms = new Uint32Array(1 << 12);
  let documents = new Uint32Array(1 << 12);
  let counts = new Uint8Array(width << 12);
  const grow = (): void => {
    terms = doubled(terms);
    documents = doubled(documents);
    counts = doubled(counts);
  };
  return {
    push: (term, document, frequencies) => {
      if (size === terms.length) grow();
      terms[size] = term;
      documents[size] = document;
      counts.set(frequencies, size * width);
      size++;
    },
    sortByTerm: async (termCount, pause) => {
      const starts = new Uint32Array(termCount + 1);
      for (let i = 0; i < size; i++) starts[terms[i] + 1]++;
      await pause();
      for (let t = 0; t < termCount; t++) starts[t + 1] += starts[t];
      const next = starts.slice();
      const postings = new Uint32Array(size);
      const sorted = new Uint8Array(size * width);
      for (let i = 0; i < size; i++) {
        const at = next[terms[i]]++;
        postings[at] = documents[i];
        for (let f = 0; f < width; f++) sorted[at * width + f] = counts[i * width + f];
        if (i % CHUNK === 0) await pause();
      }
      return { starts, postings, counts: sorted };
    },
  };
}

function doubled<T extends Uint8Array | Uint32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}

type Weights = Pick<InvertedIndex, 'head' | 'body' | 'headFrequency' | 'inName'>;

async function weigh(
  sorted: SortedOccurrences,
  lengths: readonly (readonly number[])[],
  terms: number,
  pause: () => Promise<void>,
): Promise<Weights> {
  const width = fieldNames.length;
  const size = sorted.postings.length;
  const head = new Float32Array(size);
  const body = new Float32Array(size);
  const inName = new Uint8Array(size);
  for (const [f, field] of fieldNames.entries()) {
    const { weight, b } = fieldWeights[field];
    if (weight === 0) continue;
    const average = mean(lengths[f]);
    const target = field === 'body' ? body : head;
    for (let i = 0; i < size; i++) {
      if (i % CHUNK === 0) await pause();
      const occurrences = sorted.counts[i * width + f];
      if (occurrences === 0) continue;
      if (field === 'name') inName[i] = 1;
      const length = lengths[f][sorted.postings[i]];
      target[i] += (weight * occurrences) / (1 - b + (b * length) / average);
    }
  }
  return { head, body, inName, headFrequency: countHeads(sorted.starts, head, terms) };
}

function countHeads(starts: Uint32Array, head: Float32Array, terms: number): Uint32Array {
  const heads = new Uint32Array(terms);
  for (let t = 0; t < terms; t++) {
    for (let i = starts[t]; i < starts[t + 1]; i++) if (head[i] > 0) heads[t]++;
  }
  return heads;
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum > 0 ? sum / values.length : 1;
}
