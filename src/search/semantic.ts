/**
 * Meaning as a vector: the static embedding of `model/`, read so that it costs little memory.
 *
 *   text → symbol words → words → tokens (WordPiece) → sum of their rows → unit vector
 *
 * Rows are read from the file when a text asks for them (`embedding-table.ts`); `hold` keeps the whole table in one
 * buffer outside the heap while many texts are embedded.
 * Knows nothing of files: it is handed something to read from (`model-file.ts` opens the real one).
 */
import { type Config, type EmbeddingSource, readConfig, readTable, type Table } from './embedding-table.ts';
import { indexVocabulary, type Vocabulary } from './vocabulary.ts';

export type { EmbeddingSource } from './embedding-table.ts';

/** Turns texts into vectors of meaning. */
export interface Embedding {
  readonly dim: number;
  /** Names the model: vectors made by another one are not comparable with these. */
  readonly model: string;
  /**
   * Unit vector of `text`; all zeros where the model knows no word of it.
   * @param weigh how much a word (as written) counts, 1 where absent
   */
  embed(text: string, weigh?: (word: string) => number): Float32Array;
  /** The tokens of `text` in order. @param weigh as for `embed` */
  tokens(text: string, weigh?: (word: string) => number): readonly WeightedToken[];
  /** The row of a token as the table has it; only its direction means something. Valid until the next call. */
  row(token: number): Int8Array;
  /** Whether the model has a row for this word (lower case) whole, not only for pieces of it. */
  knows(word: string): boolean;
  /** While many texts are embedded: the whole table is kept in memory, until the returned function is called. */
  hold(): () => void;
  close(): void;
}

/** A token of a text: the number of its row, and how much it counts, its row's own weight included. */
export interface WeightedToken {
  readonly token: number;
  readonly weight: number;
}

/** Cosine of two unit vectors. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @throws Error naming what is wrong with the files. */
export function createEmbedding(source: EmbeddingSource): Embedding {
  const config = readConfig(source.config);
  const table = readTable(source, config);
  const vocabulary = indexVocabulary(source.vocabulary, config.vocabulary);
  const model = `static-${[table.scales, source.vocabulary].map((bytes) => source.checksum(bytes).toString(16)).join('-')}`;
  return {
    dim: config.dim,
    model,
    embed: (text, weigh) => {
      const sum = new Float32Array(config.dim);
      eachRow(text, weigh, vocabulary, config, (row, weight) => addRow(sum, table, row, weight));
      return normalize(sum);
    },
    tokens: (text, weigh) => {
      const tokens: WeightedToken[] = [];
      eachRow(text, weigh, vocabulary, config, (token, weight) => {
        tokens.push({ token, weight: weight * table.scale(token) * lengthOf(table.row(token)) });
      });
      return tokens;
    },
    row: (token) => table.row(token),
    knows: (word) => vocabulary.find(word) >= 0,
    hold: () => table.hold(),
    close: () => source.close(),
  };
}

const symbolWords: readonly (readonly [RegExp, string])[] = [
  [/c\+\+/gi, 'cplusplus'],
  [/c#/gi, 'csharp'],
  [/(?<![\p{L}\p{N}_])f#/giu, 'fsharp'],
  [/(?<![\p{L}\p{N}_])\.net(?![\p{L}\p{N}_])/giu, 'dotnet'],
];

function foldForModel(text: string): string {
  let folded = text;
  if (/[+#.]/.test(text)) {
    for (const [pattern, word] of symbolWords) folded = folded.replace(pattern, word);
  }
  return /^[\0-\x7f]*$/.test(folded) ? folded : folded.normalize('NFD').replace(/\p{Mn}/gu, '');
}

function addWord(word: string, vocabulary: Vocabulary, prefix: string, rows: number[]): void {
  const lower = word.toLowerCase();
  const whole = vocabulary.find(lower);
  if (whole >= 0) {
    rows.push(whole);
    return;
  }
  const parts = /^[\0-\x7f]*$/.test(word)
    ? (word.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+/g) ?? [])
    : [];
  if (parts.length > 1) for (const part of parts) addPieces(part.toLowerCase(), vocabulary, prefix, rows);
  else addPieces(lower, vocabulary, prefix, rows);
}

/** WordPiece: longest match first; a word that cannot be covered gives nothing. */
function addPieces(word: string, vocabulary: Vocabulary, prefix: string, rows: number[]): void {
  const before = rows.length;
  for (let start = 0; start < word.length; ) {
    let end = word.length;
    let row = -1;
    for (; end > start; end--) {
      row = vocabulary.find((start > 0 ? prefix : '') + word.slice(start, end));
      if (row >= 0) break;
    }
    if (row < 0) {
      rows.length = before;
      return;
    }
    rows.push(row);
    start = end;
  }
}

/** Calls `each` with the row of every token of `text` in order, and what `weigh` says of its word. */
function eachRow(
  text: string,
  weigh: ((word: string) => number) | undefined,
  vocabulary: Vocabulary,
  { longestWord, prefix }: Config,
  each: (row: number, weight: number) => void,
): void {
  const rows: number[] = [];
  for (const [word] of foldForModel(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    if (word.length > longestWord && [...word].length > longestWord) continue;
    rows.length = 0;
    addWord(word, vocabulary, prefix, rows);
    const weight = weigh?.(word) ?? 1;
    for (const row of rows) each(row, weight);
  }
}

/** Euclidean length. */
export function lengthOf(row: Int8Array): number {
  let square = 0;
  for (const value of row) square += value * value;
  return Math.sqrt(square);
}

function addRow(sum: Float32Array, table: Table, row: number, weight: number): void {
  const scale = weight * table.scale(row);
  const values = table.row(row);
  for (let i = 0; i < sum.length; i++) sum[i] += scale * values[i];
}

/** Divides by the Euclidean length, in place; a zero vector stays. */
export function normalize(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square > 0) {
    const factor = 1 / Math.sqrt(square);
    for (let i = 0; i < vector.length; i++) vector[i] *= factor;
  }
  return vector;
}
