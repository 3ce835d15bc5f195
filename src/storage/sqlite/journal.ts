/**
 * Finding damage in the write-ahead journal that a killed process left. SQLite replays it up to the first frame that
 * does not fit its checksum and drops the rest without a word. That is no loss where no transaction ends behind that
 * frame: one that was under way is torn off at its end, and in the middle, too, if it wrote pages twice, since SQLite
 * overwrites their frames and mends the checksums when it commits. A commit behind a broken frame was acknowledged.
 * Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
/** Where a frame that ends a transaction says how many pages the database has now; 0 in the others. */
const commitAt = 4;

/** Whether a transaction ends behind a frame that is broken. False where there is no journal. */
export function journalIsBroken(file: string): boolean {
  const journal = readIfAny(file);
  if (journal.length <= headerBytes) return false;
  const magic = journal.readUInt32BE(0);
  const isOurs = (magic & ~1) >>> 0 === 0x377f0682;
  const sum = new Checksum(magic & 1 ? 'big' : 'little');
  sum.add(journal, 0, 24);
  if (!isOurs || !sum.equals(journal, 24)) return true;

  const frameBytes = frameHeaderBytes + journal.readUInt32BE(8);
  const isOfThisRun = (frame: number): boolean =>
    journal.compare(journal, 16, 24, frame + 8, frame + 16) === 0;
  let frame = headerBytes;
  for (; frame + frameBytes <= journal.length && isOfThisRun(frame); frame += frameBytes) {
    sum.add(journal, frame, frame + 8);
    sum.add(journal, frame + frameHeaderBytes, frame + frameBytes);
    if (!sum.equals(journal, frame + 16)) break;
  }
  for (frame += frameBytes; frame + frameBytes <= journal.length; frame += frameBytes) {
    if (isOfThisRun(frame) && journal.readUInt32BE(frame + commitAt) > 0) return true;
  }
  return false;
}

function readIfAny(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The running checksum of header and frames, over pairs of 32-bit words. */
class Checksum {
  #first = 0;
  #second = 0;
  readonly #isLittle: boolean;

  constructor(order: 'big' | 'little') {
    this.#isLittle = order === 'little';
  }

  add(bytes: Buffer, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let first = this.#first;
    let second = this.#second;
    for (let at = from; at < to; at += 8) {
      first = (first + view.getUint32(at, this.#isLittle) + second) >>> 0;
      second = (second + view.getUint32(at + 4, this.#isLittle) + first) >>> 0;
    }
    this.#first = first;
    this.#second = second;
  }

  /** Stored checksums are big-endian whatever the words are. */
  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second;
  }
}
