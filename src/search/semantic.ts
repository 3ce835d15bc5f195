/**
 * Meaning as a vector: the static embedding of `model/`, read so that it costs little memory.
 *
 *   text → symbol words → words → tokens (WordPiece) → sum of their rows → unit vector
 *
 * The vocabulary stays as the bytes of its file with a hash table over them; rows are read from the file when a
 * text asks for them. `hold` keeps the whole table in one buffer outside the heap while many texts are embedded.
 * Knows nothing of files: it is handed something to read from (`model-file.ts` opens the real one).
 */

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

/** The parts of a model, as bytes. */
export interface EmbeddingSource {
  /** Parsed `config.json`. */
  readonly config: unknown;
  /** `vocab.txt`. */
  readonly vocabulary: Uint8Array;
  /** Size of `model.safetensors` in bytes. */
  readonly size: number;
  /** Fills `target` from `position` of `model.safetensors`. */
  read(target: Uint8Array, position: number): void;
  close(): void;
}

/** Cosine of two unit vectors. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

interface Config {
  readonly dim: number;
  readonly vocabulary: number;
  readonly prefix: string;
  readonly longestWord: number;
}

/** @throws Error naming what is wrong with the files. */
export function createEmbedding(source: EmbeddingSource): Embedding {
  const config = readConfig(source.config);
  const table = readTable(source, config);
  const vocabulary = indexVocabulary(source.vocabulary, config.vocabulary);
  const model = `static-${hashBytes(table.scales).toString(16)}-${hashBytes(source.vocabulary).toString(16)}`;
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

interface Vocabulary {
  /** Row of a token, or -1. */
  find(token: string): number;
}

/** Open addressing over the bytes of the file: no string is kept. */
function indexVocabulary(bytes: Uint8Array, count: number): Vocabulary {
  const starts = new Uint32Array(count + 1);
  let row = 0;
  for (let i = 0; i < bytes.length && row < count; i++) if (bytes[i] === 10) starts[++row] = i + 1;
  if (row < count) starts[++row] = bytes.length + 1;
  if (row !== count || starts[count] < bytes.length)
    throw new Error(`the vocabulary does not have ${count} tokens`);
  const mask = 2 ** Math.ceil(Math.log2(count * 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  for (let i = 0; i < count; i++) {
    let slot = hashBytes(bytes, starts[i], starts[i + 1] - 1) & mask;
    while (slots[slot] >= 0) slot = (slot + 1) & mask;
    slots[slot] = i;
  }
  const token = new Uint8Array(512);
  const encoder = new TextEncoder();
  const find = (text: string): number => {
    const { written } = encoder.encodeInto(text, token);
    for (let slot = hashBytes(token, 0, written) & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      const found = slots[slot];
      if (equalBytes(bytes, starts[found], starts[found + 1] - 1, token, written)) return found;
    }
    return -1;
  };
  return { find };
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

interface Table {
  readonly scales: Uint8Array;
  scale(row: number): number;
  row(row: number): Int8Array;
  hold(): () => void;
}

/** Rows read one by one under `hold` before the whole table is read: where vectors are kept, few are asked for. */
const WORTH_ALL = 2000;

/** The two tensors of the file; `scale` is kept, `embedding` is read row by row. */
function readTable(source: EmbeddingSource, config: Config): Table {
  const layout = readLayout(source, config);
  const scales = new Uint8Array(config.vocabulary * 4);
  source.read(scales, layout.scale);
  const scaleView = new DataView(scales.buffer);
  const single = new Int8Array(config.dim);
  const singleBytes = new Uint8Array(single.buffer);
  let whole: Int8Array | undefined;
  let holders = 0;
  let singly = 0;
  const readAll = (): Int8Array => {
    const rows = new Int8Array(config.vocabulary * config.dim);
    source.read(new Uint8Array(rows.buffer), layout.embedding);
    return rows;
  };
  return {
    scales,
    scale: (row) => scaleView.getFloat32(row * 4, true),
    row: (row) => {
      if (!whole && holders > 0 && ++singly > WORTH_ALL) whole = readAll();
      if (whole) return whole.subarray(row * config.dim, (row + 1) * config.dim);
      source.read(singleBytes, layout.embedding + row * config.dim);
      return single;
    },
    hold: () => {
      if (holders++ === 0) singly = 0;
      let held = true;
      return () => {
        if (held && --holders === 0) whole = undefined;
        held = false;
      };
    },
  };
}

/** Positions of the tensors in the file. https://github.com/huggingface/safetensors#format */
function readLayout(source: EmbeddingSource, config: Config): { embedding: number; scale: number } {
  const prefix = new Uint8Array(8);
  source.read(prefix, 0);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > Math.min(source.size - 8, 1 << 20))
    throw new Error('the model file has no safetensors header');
  const header = new Uint8Array(length);
  source.read(header, 8);
  const tensors = JSON.parse(new TextDecoder().decode(header)) as Record<string, unknown>;
  const { vocabulary, dim } = config;
  return {
    embedding:
      8 + length + offsetOf(tensors.embedding, 'embedding', vocabulary * dim, source.size - 8 - length),
    scale: 8 + length + offsetOf(tensors.scale, 'scale', vocabulary * 4, source.size - 8 - length),
  };
}

function offsetOf(tensor: unknown, name: string, bytes: number, available: number): number {
  const offsets = (tensor as { data_offsets?: unknown } | undefined)?.data_offsets;
  const [start, end] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
  if (typeof start !== 'number' || typeof end !== 'number' || end - start !== bytes || end > available) {
    throw new Error(`tensor ${name} of the model file does not have the expected size`);
  }
  return start;
}

function readConfig(value: unknown): Config {
  const { format, dim, vocabulary, continuation_prefix, max_word_length } = (value ?? {}) as Record<
    string,
    unknown
  >;
  if (format !== 'callsheet-static-1') throw new Error('unknown format of the embedding');
  if (!isSize(dim, 4096) || !isSize(vocabulary, 10_000_000))
    throw new Error('sizes of the embedding are missing');
  return {
    dim,
    vocabulary,
    prefix: typeof continuation_prefix === 'string' ? continuation_prefix : '##',
    longestWord: isSize(max_word_length, 100) ? max_word_length : 40,
  };
}

function isSize(value: unknown, largest: number): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= largest;
}
