/**
 * Dot products of one vector with many rows, by the processor's vector instructions (WebAssembly SIMD).
 *
 *   memory: the query, int16 · all rows end to end, int8 · a sum for each row, int32
 *
 * Sums are exact, so that they are the same as those of plain JavaScript, which takes many times as long.
 * https://webassembly.github.io/spec/core/binary/
 */

/** The sums of products of `weights` with each row; valid until the next call. */
export type DotKernel = (weights: Int16Array) => Int32Array;

export interface HeldRows {
  readonly sums: DotKernel;
  /** The rows, where the kernel keeps them. */
  readonly values: Int8Array;
}

/** Rows of this many components, or a multiple. */
const STEP = 16;
const PAGE = 65_536;

/**
 * Copies the rows to a memory of the kernel's own.
 * @param values rows of `dim` bytes, end to end
 * @returns undefined where this engine or processor cannot, or `dim` is not a multiple of 16
 */
export function holdRows(values: Int8Array, dim: number): HeldRows | undefined {
  if (dim % STEP !== 0 || !kernelModule()) return undefined;
  const count = values.length / dim;
  const rowsAt = dim * 2;
  // Sums lie at multiples of their size.
  const sumsAt = Math.ceil((rowsAt + values.length) / 4) * 4;
  const pages = Math.ceil((sumsAt + count * 4) / PAGE);
  const memory = memoryOf(pages);
  const scan = memory && instance(memory);
  if (!scan) return undefined;
  const query = new Int16Array(memory.buffer, 0, dim);
  const rows = new Int8Array(memory.buffer, rowsAt, values.length);
  const sums = new Int32Array(memory.buffer, sumsAt, count);
  rows.set(values);
  return {
    values: rows,
    sums: (weights) => {
      query.set(weights);
      scan(0, rowsAt, rowsAt + values.length, dim, sumsAt);
      return sums;
    },
  };
}

type Scan = (query: number, rows: number, end: number, dim: number, sums: number) => void;

/** What is used of WebAssembly, which Node's types leave out. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly scan: Scan } };
}

interface Memory {
  readonly buffer: ArrayBuffer;
}

const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;

/** Undefined where there is no room for it. */
function memoryOf(pages: number): Memory | undefined {
  try {
    return engine && new engine.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}

function instance(memory: Memory): Scan | undefined {
  const module = kernelModule();
  return engine && module && new engine.Instance(module, { from: { memory } }).exports.scan;
}

let compiled: object | false | undefined;

/** Compiled when first wanted; undefined where the processor lacks the instructions, or a page's policy forbids it. */
function kernelModule(): object | undefined {
  if (compiled === undefined) {
    try {
      compiled = engine?.validate(binary()) === true && new engine.Module(binary());
    } catch {
      compiled = false;
    }
  }
  return compiled || undefined;
}

// Parameters and locals of `scan`.
const QUERY = 0;
const ROWS = 1;
const END = 2;
const DIM = 3;
const SUMS = 4;
const AT = 5;
const QUERY_END = 6;
const SUM = 7;

const i32 = 0x7f;
const v128 = 0x7b;
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const constant = (value: number): number[] => [0x41, value];
const add = 0x6a;
const shiftLeft = 0x74;
const isLess = 0x49;
const isNotLess = 0x4f;
const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const branchIf = [0x0d, 0];
const end = 0x0b;
const storeInt = [0x36, 2, 0];
const simd = (opcode: number, ...immediates: number[]): number[] => [
  0xfd,
  ...unsigned(opcode),
  ...immediates,
];
const zeros = simd(12, ...new Array<number>(16).fill(0));
const load = (offset: number): number[] => simd(0, 0, offset);
const widenLow = simd(135);
const widenHigh = simd(136);
/** Products of int16, neighbours summed up to int32. */
const dot = simd(186);
const addInts = simd(174);
const lane = (index: number): number[] => simd(27, index);
const advance = (local: number, by: number): number[] => [...get(local), ...constant(by), add, ...set(local)];

/** For each row: four partial sums over sixteen components at a time, then their sum. */
const scanBody = [
  ...[...get(QUERY), ...get(DIM), ...constant(1), shiftLeft, add, ...set(QUERY_END)],
  ...block,
  ...[...get(ROWS), ...get(END), isNotLess, ...branchIf],
  ...loop,
  ...[...get(QUERY), ...set(AT), ...zeros, ...set(SUM)],
  ...loop,
  ...[...get(SUM), ...get(ROWS), ...load(0), ...widenLow, ...get(AT), ...load(0), ...dot, ...addInts],
  ...[...get(ROWS), ...load(0), ...widenHigh, ...get(AT), ...load(16), ...dot, ...addInts, ...set(SUM)],
  ...[...advance(ROWS, STEP), ...advance(AT, STEP * 2)],
  ...[...get(AT), ...get(QUERY_END), isLess, ...branchIf],
  end,
  ...[...get(SUMS), ...get(SUM), ...lane(0)],
  ...[1, 2, 3].flatMap((index) => [...get(SUM), ...lane(index), add]),
  ...[...storeInt, ...advance(SUMS, 4)],
  ...[...get(ROWS), ...get(END), isLess, ...branchIf],
  ...[end, end, end],
];

/** A module that imports `from.memory` and exports `scan`. */
function binary(): Uint8Array<ArrayBuffer> {
  const locals = [2, 2, i32, 1, v128];
  const code = [...locals, ...scanBody];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(2, [1, ...name('from'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('scan'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
  }
  return bytes;
}
