/**
 * Vectors as int8 rows with a scale each, end to end in one buffer, and the scan over them.
 *
 * A row is written as it is kept between starts too: `dim` signed bytes, then its scale as a little-endian float32.
 */

import { type DotKernel, type HeldRows, holdRows } from './dot-kernel.ts';

const SCALE_BYTES = 4;

/** Row of a vector: the largest component becomes ±127; half a step is lost at most. */
export function quantise(vector: Float32Array): Int8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const row = new Int8Array(vector.length + SCALE_BYTES);
  const scale = largest / 127;
  if (scale > 0) for (let i = 0; i < vector.length; i++) row[i] = Math.round(vector[i] / scale);
  new DataView(row.buffer).setFloat32(vector.length, scale, true);
  return row;
}

export interface VectorRows {
  readonly size: number;
  /** Writes the dot product of `query` with each row to `target`. */
  scan(query: Float32Array, target: Float32Array): void;
  /** What `readVectorRows` makes the same of. */
  readonly arrays: VectorRowsArrays;
}

/** The components of all rows end to end, and the scale of each row. */
export type VectorRowsArrays = { readonly values: Int8Array; readonly scales: Float32Array };

export interface VectorRowsBuilder {
  /** @param row as `quantise` gives it; a row of another length counts as unknown meaning (all zeros). */
  push(row: Int8Array): void;
  build(): VectorRows;
}

/** @param dim a multiple of 8. */
export function createVectorRows(dim: number): VectorRowsBuilder {
  let values = new Int8Array(dim * 64);
  let scales = new Float32Array(64);
  let size = 0;
  return {
    push: (row) => {
      if (size === scales.length) {
        values = enlarged(values, new Int8Array(values.length * 2));
        scales = enlarged(scales, new Float32Array(scales.length * 2));
      }
      if (row.length === dim + SCALE_BYTES) {
        values.set(row.subarray(0, dim), size * dim);
        scales[size] = new DataView(row.buffer, row.byteOffset).getFloat32(dim, true);
      }
      size++;
    },
    build: () => readVectorRows({ values: values.slice(0, size * dim), scales: scales.slice(0, size) }, dim),
  };
}

function enlarged<T extends Int8Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

export function readVectorRows(arrays: VectorRowsArrays, dim: number): VectorRows {
  const { scales } = arrays;
  let { values } = arrays;
  let sums: DotKernel | undefined;
  return {
    size: scales.length,
    arrays: {
      get values() {
        return values;
      },
      scales,
    },
    scan: (query, target) => {
      // Not before somebody asks: the kernel takes memory, too.
      if (!sums) ({ values, sums } = holdRows(values, dim) ?? plainRows(values, dim));
      const { weights, scale } = quantiseQuery(query);
      const products = sums(weights);
      for (let row = 0; row < scales.length; row++) target[row] = products[row] * scales[row] * scale;
    },
  };
}

/** The same as `holdRows` in plain JavaScript. */
export function plainRows(values: Int8Array, dim: number): HeldRows {
  const products = new Int32Array(values.length / dim);
  return {
    values,
    sums: (weights) => {
      for (let row = 0; row < products.length; row++) {
        products[row] = dotProduct(weights, values, row * dim, dim);
      }
      return products;
    },
  };
}

/** The query in 15 bits: the products of a row then sum up within 32 bits and stay integers. */
function quantiseQuery(query: Float32Array): { weights: Int16Array; scale: number } {
  let largest = 0;
  for (const value of query) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 16_383;
  const weights = new Int16Array(query.length);
  if (scale > 0) for (let i = 0; i < query.length; i++) weights[i] = Math.round(query[i] / scale);
  return { weights, scale };
}

function dotProduct(weights: Int16Array, values: Int8Array, at: number, dim: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < dim; i += 4) {
    a = (a + Math.imul(weights[i], values[at + i])) | 0;
    b = (b + Math.imul(weights[i + 1], values[at + i + 1])) | 0;
    c = (c + Math.imul(weights[i + 2], values[at + i + 2])) | 0;
    d = (d + Math.imul(weights[i + 3], values[at + i + 3])) | 0;
  }
  return a + b + c + d;
}
