/**
 * Fielded inverted index in typed arrays.
 *
 *   fields → terms → counts per field → build → postings (document, weight of the head, weight of the body)
 *
 * The weights are the pseudo-frequencies of BM25F (Robertson, Zaragoza: "The probabilistic relevance framework:
 * BM25 and beyond", 2009, §3.6): occurrences per field, each divided by its field's length normalisation and
 * multiplied by its field's weight. `scorer.ts` saturates them.
 */
import { analyze } from './analyzer.ts';
import { createDictionary, type TermDictionary } from './term-dictionary.ts';

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
  build(): InvertedIndex;
}

const fieldNames = ['name', 'description', 'capabilities', 'plugin', 'body'] as const;
type FieldName = (typeof fieldNames)[number];

/** Weight and length normalisation b of each field. */
export const fieldWeights: Record<FieldName, { weight: number; b: number }> = {
  name: { weight: 3, b: 0.9 },
  description: { weight: 1, b: 0.9 },
  capabilities: { weight: 0.3, b: 0 },
  plugin: { weight: 0, b: 0 },
  body: { weight: 0.05, b: 0.75 },
};
/** Beyond this many occurrences in one field a word says nothing more. */
const MOST_OCCURRENCES = 255;

export function createIndexBuilder(): IndexBuilder {
  const dictionary = createDictionary();
  const occurrences = createOccurrences();
  const lengths: Record<FieldName, number[]> = {
    name: [],
    description: [],
    capabilities: [],
    plugin: [],
    body: [],
  };
  const nameLength: number[] = [];
  let documents = 0;
  return {
    add: (fields) => {
      const counts = new Map<number, Uint16Array>();
      fieldNames.forEach((field, f) => {
        const value = fields[field];
        const terms = analyze(typeof value === 'string' ? value : value.join(' ; '));
        lengths[field].push(terms.length);
        for (const term of terms) count(counts, dictionary.add(term), f);
      });
      nameLength.push(Math.min(255, [...counts.values()].filter((frequencies) => frequencies[0] > 0).length));
      for (const [term, frequencies] of counts) occurrences.push(term, documents, frequencies);
      documents++;
    },
    build: () => {
      const sorted = occurrences.sortByTerm(dictionary.size);
      const weights = weigh(sorted, lengths, dictionary.size);
      return {
        dictionary: dictionary.freeze(),
        documents,
        starts: sorted.starts,
        postings: sorted.postings,
        nameLength: Uint8Array.from(nameLength),
        ...weights,
      };
    },
  };
}

function count(counts: Map<number, Uint16Array>, term: number, field: number): void {
  let frequencies = counts.get(term);
  if (!frequencies) {
    frequencies = new Uint16Array(fieldNames.length);
    counts.set(term, frequencies);
  }
  if (frequencies[field] < MOST_OCCURRENCES) frequencies[field]++;
}

interface SortedOccurrences {
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Counts per field, `fieldNames.length` bytes a posting. */
  readonly counts: Uint8Array;
}

interface Occurrences {
  push(term: number, document: number, frequencies: Uint16Array): void;
  sortByTerm(terms: number): SortedOccurrences;
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
    sortByTerm: (termCount) => {
      const starts = new Uint32Array(termCount + 1);
      for (let i = 0; i < size; i++) starts[terms[i] + 1]++;
      for (let t = 0; t < termCount; t++) starts[t + 1] += starts[t];
      const next = starts.slice();
      const postings = new Uint32Array(size);
      const sorted = new Uint8Array(size * width);
      for (let i = 0; i < size; i++) {
        const at = next[terms[i]]++;
        postings[at] = documents[i];
        for (let f = 0; f < width; f++) sorted[at * width + f] = counts[i * width + f];
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

function weigh(sorted: SortedOccurrences, lengths: Record<FieldName, number[]>, terms: number): Weights {
  const width = fieldNames.length;
  const size = sorted.postings.length;
  const head = new Float32Array(size);
  const body = new Float32Array(size);
  const inName = new Uint8Array(size);
  fieldNames.forEach((field, f) => {
    const { weight, b } = fieldWeights[field];
    const average = mean(lengths[field]);
    const target = field === 'body' ? body : head;
    for (let i = 0; i < size; i++) {
      const occurrences = sorted.counts[i * width + f];
      if (occurrences === 0) continue;
      if (field === 'name') inName[i] = 1;
      const length = lengths[field][sorted.postings[i]];
      target[i] += (weight * occurrences) / (1 - b + (b * length) / average);
    }
  });
  const headFrequency = new Uint32Array(terms);
  for (let t = 0; t < terms; t++) {
    for (let i = sorted.starts[t]; i < sorted.starts[t + 1]; i++) if (head[i] > 0) headFrequency[t]++;
  }
  return { head, body, headFrequency, inName };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum > 0 ? sum / values.length : 1;
}
