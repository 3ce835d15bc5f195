/**
 * Fielded inverted index in typed arrays.
 *
 *   fields → terms → counts per field → build → postings (document, weight of the head, weight of the body)
 *
 * The weights are the pseudo-frequencies of BM25F (Robertson, Zaragoza: "The probabilistic relevance framework:
 * BM25 and beyond", 2009, §3.6): occurrences per field, each divided by its field's length normalisation and
 * multiplied by its field's weight. `scorer.ts` saturates them.
 */
import { type DocumentTerms, doubled, type FieldName, fieldNames } from './document-terms.ts';
import { createDictionary, type TermDictionary } from './term-dictionary.ts';

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

/** Where `document` lies among the postings of `term`, which are in the order of documents; −1 where it does not. */
export function postingOf({ starts, postings }: InvertedIndex, term: number, document: number): number {
  let low = starts[term];
  let high = starts[term + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (postings[middle] === document) return middle;
    if (postings[middle] < document) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export interface IndexBuilder {
  add(terms: DocumentTerms): void;
  /** @param pause called every few milliseconds of work */
  build(pause: () => Promise<void>): Promise<InvertedIndex>;
}

/** Weight and length normalisation b of each field; `head` and `body` of a kept index hang on them. */
export const fieldWeights: Record<FieldName, { weight: number; b: number }> = {
  name: { weight: 3, b: 0.9 },
  description: { weight: 1, b: 0.9 },
  capabilities: { weight: 0.3, b: 0 },
  plugin: { weight: 0, b: 0 },
  body: { weight: 0.05, b: 0.75 },
};
const NAME = fieldNames.indexOf('name');
/** The last field; those before it are the head, at most four. */
const BODY = fieldNames.indexOf('body');
/** Postings handled between two pauses. */
const CHUNK = 1 << 14;

export function createIndexBuilder(): IndexBuilder {
  const dictionary = createDictionary();
  const occurrences = createOccurrences();
  const lengths = fieldNames.map((): number[] => []);
  const nameLength: number[] = [];
  let documents = 0;
  return {
    add: (terms) => {
      terms.each((bytes, start, end, counts) => {
        occurrences.push(dictionary.addBytes(bytes, start, end), documents, counts);
      });
      for (const [f, length] of terms.lengths.entries()) lengths[f].push(length);
      nameLength.push(terms.nameLength);
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

interface SortedOccurrences {
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Counts in the fields of the head, a byte each. */
  readonly heads: Uint32Array;
  readonly bodies: Uint8Array;
}

interface Occurrences {
  push(term: number, document: number, counts: Uint8Array): void;
  sortByTerm(terms: number, pause: () => Promise<void>): Promise<SortedOccurrences>;
}

/** Postings in order of arrival, in arrays that double. */
function createOccurrences(): Occurrences {
  let size = 0;
  let terms = new Uint32Array(1 << 12);
  let documents = new Uint32Array(1 << 12);
  let heads = new Uint32Array(1 << 12);
  let bodies = new Uint8Array(1 << 12);
  const grow = (): void => {
    terms = doubled(terms);
    documents = doubled(documents);
    heads = doubled(heads);
    bodies = doubled(bodies);
  };
  return {
    push: (term, document, counts) => {
      if (size === terms.length) grow();
      terms[size] = term;
      documents[size] = document;
      let head = 0;
      for (let f = 0; f < BODY; f++) head |= counts[f] << (8 * f);
      heads[size] = head;
      bodies[size] = counts[BODY];
      size++;
    },
    sortByTerm: async (termCount, pause) => {
      const starts = startsOf(terms, size, termCount);
      const next = starts.slice();
      const sorted = {
        starts,
        postings: new Uint32Array(size),
        heads: new Uint32Array(size),
        bodies: new Uint8Array(size),
      };
      const placeChunk = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
          const at = next[terms[i]]++;
          sorted.postings[at] = documents[i];
          sorted.heads[at] = heads[i];
          sorted.bodies[at] = bodies[i];
        }
      };
      await inChunks(size, placeChunk, pause);
      return sorted;
    },
  };
}

function startsOf(terms: Uint32Array, size: number, termCount: number): Uint32Array {
  const starts = new Uint32Array(termCount + 1);
  for (let i = 0; i < size; i++) starts[terms[i] + 1]++;
  for (let t = 0; t < termCount; t++) starts[t + 1] += starts[t];
  return starts;
}

/** Loops that wait in between are not compiled, so each chunk is a call. */
async function inChunks(
  size: number,
  work: (from: number, to: number) => void,
  pause: () => Promise<void>,
): Promise<void> {
  for (let from = 0; from < size; from += CHUNK) {
    work(from, Math.min(size, from + CHUNK));
    await pause();
  }
}

type Weights = Pick<InvertedIndex, 'head' | 'body' | 'headFrequency' | 'inName'>;

async function weigh(
  { starts, postings, heads, bodies }: SortedOccurrences,
  lengths: readonly (readonly number[])[],
  terms: number,
  pause: () => Promise<void>,
): Promise<Weights> {
  const size = postings.length;
  const head = new Float32Array(size);
  const body = new Float32Array(size);
  const inName = new Uint8Array(size);
  const weights = fieldNames.map((field) => fieldWeights[field].weight);
  const norms = fieldNames.map((field, f) => normalisation(fieldWeights[field].b, lengths[f]));
  const weighChunk = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const document = postings[i];
      if (bodies[i] > 0) body[i] = (weights[BODY] * bodies[i]) / norms[BODY][document];
      for (let f = 0, rest = heads[i]; rest > 0; f++, rest >>>= 8) {
        head[i] += (weights[f] * (rest & 255)) / norms[f][document];
      }
      inName[i] = (heads[i] >>> (8 * NAME)) & 255 ? 1 : 0;
    }
  };
  await inChunks(size, weighChunk, pause);
  return { head, body, inName, headFrequency: countHeads(starts, head, terms) };
}

/** What occurrences in each document's field are divided by: 1 where the field is of average length. */
function normalisation(b: number, lengths: readonly number[]): Float64Array {
  const average = mean(lengths);
  return Float64Array.from(lengths, (length) => 1 - b + (b * length) / average);
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
