/**
 * The table of the embedding: two tensors of a safetensors file, read where they lie, one row at a time or whole.
 * Knows nothing of files: it is handed something to read from.
 */

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
  /** A whole number that tells these bytes from others. */
  checksum(bytes: Uint8Array): number;
  close(): void;
}

export interface Config {
  readonly dim: number;
  readonly vocabulary: number;
  readonly prefix: string;
  readonly longestWord: number;
}

export interface Table {
  readonly scales: Uint8Array;
  scale(row: number): number;
  row(row: number): Int8Array;
  hold(): () => void;
}

/** Rows kept of those read last, each in the place that its number gives it: words come again. */
const KEPT_ROWS = 512;

/** Rows read one by one under `hold` before the whole table is read: where vectors are kept, few are asked for. */
const WORTH_ALL = 2000;

/** The two tensors of the file; `scale` is kept, `embedding` is read row by row. */
export function readTable(source: EmbeddingSource, config: Config): Table {
  const layout = readLayout(source, config);
  const scales = new Uint8Array(config.vocabulary * 4);
  source.read(scales, layout.scale);
  const scaleView = new DataView(scales.buffer);
  const kept = new Int8Array(KEPT_ROWS * config.dim);
  const keptRow = new Int32Array(KEPT_ROWS).fill(-1);
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
      const slot = row % KEPT_ROWS;
      const at = slot * config.dim;
      if (keptRow[slot] !== row) {
        keptRow[slot] = -1;
        source.read(new Uint8Array(kept.buffer, at, config.dim), layout.embedding + row * config.dim);
        keptRow[slot] = row;
      }
      return kept.subarray(at, at + config.dim);
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

export function readConfig(value: unknown): Config {
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
