/**
 * A search index in a file of its own, so that a start over unchanged definitions reads it instead of building it.
 *
 *   "CSX1" · length of the head, u32 · head, JSON · arrays, each from a multiple of 8 on · CRC-32 of all before, u32
 *
 * The head: [tag, [name, type, start, length in bytes] of each array]. Integers are little-endian; the arrays are in
 * the machine's byte order, as they do not leave it. The arrays that are read lie in the file's own bytes.
 */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { IndexImage } from '../search/engine.ts';
import { writeAtomically } from './atomic-file.ts';

const MAGIC = 'CSX1';
const PREFIX = 8;
const ALIGNMENT = 8;
/** Bytes handled in one go. */
const PIECE = 1 << 20;

const types = { Uint8Array, Int8Array, Uint32Array, Int32Array, Float32Array, Float64Array };
type TypeName = keyof typeof types;
type ArrayEntry = readonly [name: string, type: TypeName, start: number, bytes: number];

/**
 * Rejects where the disk does.
 * @param tag names what the index was made of
 */
export async function writeIndexFile(
  file: string,
  tag: string,
  image: IndexImage,
  pause: () => Promise<void>,
): Promise<void> {
  const entries: ArrayEntry[] = [];
  let end = 0;
  for (const [name, array] of Object.entries(image)) {
    entries.push([name, array.constructor.name as TypeName, end, array.byteLength]);
    end += aligned(array.byteLength);
  }
  const pieces: Uint8Array[] = [headOf(tag, entries)];
  for (const { buffer, byteOffset, byteLength } of Object.values(image)) {
    for (let at = 0; at < byteLength; at += PIECE)
      pieces.push(new Uint8Array(buffer, byteOffset + at, Math.min(PIECE, byteLength - at)));
    pieces.push(new Uint8Array(aligned(byteLength) - byteLength));
  }
  await writeAtomically(file, [...pieces, await checksum(pieces, pause)]);
}

/** Undefined where there is none, where it was made of something else, and where it is damaged. */
export async function readIndexFile(
  file: string,
  tag: string,
  pause: () => Promise<void>,
): Promise<IndexImage | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  const head = bytes && readHead(bytes, tag);
  if (!head || !(await isWhole(bytes, pause))) return undefined;
  // Typed arrays start at multiples of their own size only.
  const base = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const arrays = head.entries.map(([name, type, start, length]) => {
    const array = new types[type](
      base.buffer,
      base.byteOffset + head.end + start,
      length / types[type].BYTES_PER_ELEMENT,
    );
    return [name, array] as const;
  });
  return Object.fromEntries(arrays);
}

function headOf(tag: string, entries: readonly ArrayEntry[]): Uint8Array {
  const text = Buffer.from(JSON.stringify([tag, entries]));
  const head = Buffer.alloc(aligned(PREFIX + text.length), ' ');
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(head.length - PREFIX, MAGIC.length);
  text.copy(head, PREFIX);
  return head;
}

interface Head {
  readonly entries: readonly ArrayEntry[];
  /** Where the arrays begin. */
  readonly end: number;
}

function readHead(bytes: Buffer, tag: string): Head | undefined {
  if (bytes.length < PREFIX || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const end = PREFIX + bytes.readUInt32LE(MAGIC.length);
  try {
    const [made, entries] = JSON.parse(bytes.toString('utf8', PREFIX, end)) as [string, ArrayEntry[]];
    return made === tag ? { entries, end } : undefined;
  } catch {
    return undefined;
  }
}

async function isWhole(bytes: Buffer, pause: () => Promise<void>): Promise<boolean> {
  const pieces: Uint8Array[] = [];
  const end = bytes.length - 4;
  for (let at = 0; at < end; at += PIECE) pieces.push(bytes.subarray(at, Math.min(end, at + PIECE)));
  return (await checksum(pieces, pause)).equals(bytes.subarray(end));
}

async function checksum(pieces: readonly Uint8Array[], pause: () => Promise<void>): Promise<Buffer> {
  let sum = 0;
  for (const piece of pieces) {
    sum = crc32(piece, sum);
    await pause();
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(sum);
  return bytes;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
