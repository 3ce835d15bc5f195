/**
 * What was derived from documents, kept between builds and between starts, so that only changed files are worked on.
 *
 * A cache belongs to one tag, which names how its rows were made. Its bytes (all integers little-endian):
 *   "CSR1" · tag length u16, tag · count u32 · count × (16 bytes key, length u32, row) · checksum of all before, u32
 */

export interface RowCache {
  /** Rows at present. */
  readonly size: number;
  /** Whether `serialise` would give something else than what was read. */
  readonly changed: boolean;
  /** The row kept under a key of 32 hex digits, or undefined. */
  get(key: string): Uint8Array | undefined;
  put(key: string, row: Uint8Array): void;
  /** Only rows that were read or written since this cache was made: what is no longer used is left behind. */
  serialise(): Uint8Array;
}

const magic = 0x31525343;
const KEY_BYTES = 16;
const HEAD_BYTES = KEY_BYTES + 4;

/** An empty cache for a tag. */
export function createRowCache(tag: string): RowCache {
  return cacheOf(tag, new Map());
}

/** Reads what `serialise` wrote. Bytes of another tag, or damaged ones, give an empty cache. */
export function readRowCache(bytes: Uint8Array, tag: string): RowCache {
  const rows = new Map<string, Uint8Array>();
  try {
    // Of a Buffer's subclass of it, `slice` would not copy.
    readRows(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), tag, rows);
  } catch {
    rows.clear();
  }
  return cacheOf(tag, rows);
}

function cacheOf(tag: string, rows: Map<string, Uint8Array>): RowCache {
  const used = new Set<string>();
  let added = false;
  return {
    get size() {
      return rows.size;
    },
    get changed() {
      return added || used.size < rows.size;
    },
    get: (key) => {
      const row = rows.get(key);
      if (row) used.add(key);
      return row;
    },
    put: (key, row) => {
      rows.set(key, row);
      used.add(key);
      added = true;
    },
    serialise: () =>
      writeRows(
        tag,
        [...rows].filter(([key]) => used.has(key)),
      ),
  };
}

function writeRows(tag: string, rows: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const name = new TextEncoder().encode(tag);
  const length = rows.reduce((sum, [, row]) => sum + HEAD_BYTES + row.length, 10 + name.length + 4);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, name.length, true);
  bytes.set(name, 6);
  view.setUint32(6 + name.length, rows.length, true);
  let at = 10 + name.length;
  for (const [key, row] of rows) {
    for (let i = 0; i < KEY_BYTES; i++) bytes[at + i] = Number.parseInt(key.slice(i * 2, i * 2 + 2), 16);
    view.setUint32(at + KEY_BYTES, row.length, true);
    bytes.set(row, at + HEAD_BYTES);
    at += HEAD_BYTES + row.length;
  }
  view.setUint32(at, checksum(view, at), true);
  return bytes;
}

function readRows(bytes: Uint8Array, tag: string, rows: Map<string, Uint8Array>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 4;
  if (view.getUint32(0, true) !== magic || view.getUint32(end, true) !== checksum(view, end)) return;
  const nameLength = view.getUint16(4, true);
  if (new TextDecoder().decode(bytes.subarray(6, 6 + nameLength)) !== tag) return;
  const count = view.getUint32(6 + nameLength, true);
  let at = 10 + nameLength;
  for (let i = 0; i < count; i++) {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, KEY_BYTES).toString('hex');
    const start = at + HEAD_BYTES;
    at = start + view.getUint32(at + KEY_BYTES, true);
    rows.set(key, bytes.subarray(start, at));
  }
}

/** FNV-1a over words of 32 bits, and bytes at the end. */
function checksum(view: DataView, end: number): number {
  let hash = 0x811c9dc5 | 0;
  let at = 0;
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash >>> 0;
}
