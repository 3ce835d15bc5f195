/**
 * A second look at the best candidates, word by word: late interaction.
 *
 *   question and head → tokens → cosines of every pair → for each token its nearest on the other side
 *
 *   closeness = FORWARD · mean over the question's tokens + BACK · mean over the head's tokens, weighted
 *
 * Khattab, Zaharia: "ColBERT", SIGIR 2020, §3.2, with the rows of the static embedding. One sum of words cannot tell
 * which word met which; where there is no body to go by, that is what is left to compare.
 */
import type { Embedding } from './semantic.ts';
import { lengthOf } from './semantic.ts';
import { definitionWeights, queryWeights } from './word-weights.ts';

const FORWARD = 0.7;
const BACK = 0.6;
/** Tokens of a question that are compared: those that count the most. */
const MOST_TOKENS = 24;

export interface CloserLook {
  /** How closely the heads of `documents` meet `text`, in their order; all 0 where no word of it is known. */
  closeness(text: string, documents: readonly number[]): Float32Array;
  /** What `readCloserLook` makes the same of. */
  readonly arrays: CloserLookArrays;
}

export type CloserLookArrays = WordTable & Heads;

export interface CloserLookBuilder {
  add(name: string, description: string): void;
  build(): CloserLook;
}

export function createCloserLook(embedding: Embedding): CloserLookBuilder {
  const words = createWords(embedding);
  const starts = [0];
  const places: number[] = [];
  const weights: number[] = [];
  return {
    add: (name, description) => {
      for (const { token, weight } of embedding.tokens(`${name}: ${description}`, definitionWeights(name))) {
        places.push(words.placeOf(token));
        weights.push(weight);
      }
      starts.push(places.length);
    },
    build: () => {
      return readCloserLook(
        {
          ...words.table(),
          starts: Uint32Array.from(starts),
          places: Uint32Array.from(places),
          weights: Float32Array.from(weights),
        },
        embedding,
      );
    },
  };
}

/** Rows of the distinct tokens of all heads. */
interface WordTable {
  readonly rows: Int8Array;
  /** Euclidean length of each row. */
  readonly lengths: Float32Array;
}

function createWords(embedding: Embedding) {
  const places = new Map<number, number>();
  return {
    placeOf: (token: number): number => {
      const place = places.get(token) ?? places.size;
      places.set(token, place);
      return place;
    },
    table: (): WordTable => {
      const rows = new Int8Array(places.size * embedding.dim);
      for (const [token, place] of places) rows.set(embedding.row(token), place * embedding.dim);
      const lengths = Float32Array.from(places.values(), (place) =>
        lengthOf(rows.subarray(place * embedding.dim, (place + 1) * embedding.dim)),
      );
      return { rows, lengths };
    },
  };
}

/** The tokens of document d lie at starts[d] … starts[d + 1]. */
interface Heads {
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly weights: Float32Array;
}

export function readCloserLook(arrays: CloserLookArrays, embedding: Embedding): CloserLook {
  return {
    arrays,
    closeness: (text, documents) => {
      const question = questionOf(text, embedding);
      const cosines = createCosines(question, arrays, embedding.dim);
      return Float32Array.from(documents, (document) => meet(document, arrays, question, cosines));
    },
  };
}

interface Question {
  /** Rows of its tokens, end to end. */
  readonly rows: Int8Array;
  readonly lengths: Float32Array;
  readonly weights: Float32Array;
}

function questionOf(text: string, embedding: Embedding): Question {
  const tokens = [...embedding.tokens(text, queryWeights())]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_TOKENS);
  const rows = new Int8Array(tokens.length * embedding.dim);
  for (const [i, { token }] of tokens.entries()) rows.set(embedding.row(token), i * embedding.dim);
  return {
    rows,
    lengths: Float32Array.from(tokens, (_, i) =>
      lengthOf(rows.subarray(i * embedding.dim, (i + 1) * embedding.dim)),
    ),
    weights: Float32Array.from(tokens, ({ weight }) => weight),
  };
}

/** The cosines of one head's word with every token of the question, computed when first asked for. */
type Cosines = (place: number) => Float32Array;

function createCosines({ rows, lengths }: Question, table: WordTable, dim: number): Cosines {
  const known = new Map<number, Float32Array>();
  return (place) => {
    let cosines = known.get(place);
    if (!cosines) {
      cosines = new Float32Array(lengths.length);
      for (let q = 0; q < lengths.length; q++) {
        const scale = lengths[q] * table.lengths[place];
        if (scale > 0) cosines[q] = dot(rows, q * dim, table.rows, place * dim, dim) / scale;
      }
      known.set(place, cosines);
    }
    return cosines;
  };
}

/** Four sums at a time: they do not wait for each other. `dim` is a multiple of four. */
function dot(a: Int8Array, fromA: number, b: Int8Array, fromB: number, dim: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < dim; i += 4) {
    first = (first + a[fromA + i] * b[fromB + i]) | 0;
    second = (second + a[fromA + i + 1] * b[fromB + i + 1]) | 0;
    third = (third + a[fromA + i + 2] * b[fromB + i + 2]) | 0;
    fourth = (fourth + a[fromA + i + 3] * b[fromB + i + 3]) | 0;
  }
  return first + second + third + fourth;
}

function meet(
  document: number,
  { starts, places, weights }: Heads,
  question: Question,
  cosines: Cosines,
): number {
  const nearest = new Float32Array(question.weights.length);
  let back = 0;
  let total = 0;
  for (let i = starts[document]; i < starts[document + 1]; i++) {
    const row = cosines(places[i]);
    let best = 0;
    for (let q = 0; q < row.length; q++) {
      if (row[q] > best) best = row[q];
      if (row[q] > nearest[q]) nearest[q] = row[q];
    }
    back += weights[i] * best;
    total += weights[i];
  }
  return FORWARD * weightedMean(nearest, question.weights) + (total > 0 ? (BACK * back) / total : 0);
}

function weightedMean(values: Float32Array, weights: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return total > 0 ? sum / total : 0;
}
