/** Lines that wait to be written together, as bytes outside of the heap: nothing that the collector has to move. */

/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const MOST_PER_UNIT = 3;

export class LineBuffer {
  readonly #bytes: Buffer;
  #used = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Whether there is room for any line of this many UTF-16 units. */
  fits(units: number): boolean {
    return this.#used + units * MOST_PER_UNIT < this.#bytes.length;
  }

  /** @param line that fits, without its end */
  add(line: string): void {
    this.#used += this.#bytes.write(line, this.#used);
    this.#bytes[this.#used++] = 10;
  }

  /** All lines, the last without its end; from then on there are none. Undefined where there are none. */
  take(): string | undefined {
    if (this.#used === 0) return undefined;
    const lines = this.#bytes.toString('utf8', 0, this.#used - 1);
    this.#used = 0;
    return lines;
  }
}
