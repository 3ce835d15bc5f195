/**
 * Vectors of definitions, kept between builds and between starts, so that only changed files are embedded again.
 *
 * A cache belongs to one model. Its bytes (all integers little-endian):
 *   "CSV1" · name length u16, model name · row length u16 · count u32 · count × (16 bytes key, row int8) ·
 *   FNV-1a of all before, u32
 */

export interface VectorCache {
  readonly model: string;
  /** Rows at present. */
  readonly size: number;
  /** The row kept under a key of 32 hex digits, or undefined. */
  get(key: string): Int8Array | undefined;
  put(key: string, row: Int8Array): void;
  /** Only rows that were read or written since this cache was made: what is no longer used is left behind. */
  serialise(): Uint8Array;
}

const magic = 0x31565343;
const KEY_BYTES = 16;

/** An empty cache for a model. */
export function createVectorCache(model: string): VectorCache {
  return cacheOf(model, new Map());
}

/** Reads what `serialise` wrote. Bytes of another model, or damaged ones, give an empty cache. */
export function readVectorCache(bytes: Uint8Array, model: string): VectorCache {
  const rows = new Map<string, Int8Array>();
  try {
    readRows(bytes, model, rows);
  } catch {
    rows.clear();
  }
  return cacheOf(model, rows);
}

function cacheOf(model: string, rows: Map<string, Int8Array>): VectorCache {
  const used = new Set<string>();
  return {
    model,
    get size() {
      return rows.size;
    },
    get: (key) => {
      const row = rows.get(key);
      if (row) used.add(key);
      return row;
    },
    put: (key, row) => {
      rows.set(key, row);
      used.add(key);
    },
    serialise: () =>
      writeRows(
        model,
        [...used].map((key) => [key, rows.get(key)] as const),
      ),
  };
}

function writeRows(model: string, rows: readonly (readonly [string, Int8Array | undefined])[]): Uint8Array {
  const name = new TextEncoder().encode(model);
  const rowLength = rows[0]?.[1]?.length ?? 0;
  const kept = rows.filter(([key, row]) => row?.length === rowLength && key.length === KEY_BYTES * 2);
  const bytes = new Uint8Array(12 + name.length + kept.length * (KEY_BYTES + rowLength) + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, name.length, true);
  bytes.set(name, 6);
  let at = 6 + name.length;
  view.setUint16(at, rowLength, true);
  view.setUint32(at + 2, kept.length, true);
  at += 6;
  for (const [key, row] of kept) {
    for (let i = 0; i < KEY_BYTES; i++) bytes[at + i] = Number.parseInt(key.slice(i * 2, i * 2 + 2), 16);
    at += KEY_BYTES;
    if (row) bytes.set(new Uint8Array(row.buffer, row.byteOffset, rowLength), at);
    at += rowLength;
  }
  view.setUint32(at, checksum(bytes, at), true);
  return bytes;
}

function readRows(bytes: Uint8Array, model: string, rows: Map<string, Int8Array>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 4;
  if (view.getUint32(0, true) !== magic || view.getUint32(end, true) !== checksum(bytes, end)) return;
  const nameLength = view.getUint16(4, true);
  if (new TextDecoder().decode(bytes.subarray(6, 6 + nameLength)) !== model) return;
  let at = 6 + nameLength;
  const rowLength = view.getUint16(at, true);
  const count = view.getUint32(at + 2, true);
  at += 6;
  if (at + count * (KEY_BYTES + rowLength) !== end) return;
  for (let i = 0; i < count; i++, at += KEY_BYTES + rowLength) {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, KEY_BYTES).toString('hex');
    rows.set(key, new Int8Array(bytes.buffer, bytes.byteOffset + at + KEY_BYTES, rowLength));
  }
}

function checksum(bytes: Uint8Array, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}
