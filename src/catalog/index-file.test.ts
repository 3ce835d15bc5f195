import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIndexFile, writeIndexFile } from './index-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'callsheet-index-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pause = async (): Promise<void> => undefined;
const image = {
  'a.bytes': Uint8Array.of(1, 2, 3),
  'a.empty': new Float32Array(),
  // A part of a larger buffer, as a frozen dictionary has.
  'b.numbers': Uint32Array.of(9, 1, 2 ** 32 - 1).subarray(1),
  'b.signed': Int8Array.of(-128, 127, 0, 1, 2),
  'b.slots': Int32Array.of(-1, 5),
  'c.weights': Float32Array.of(0.5, -1),
  'c.share': Float64Array.of(0.1),
};

async function kept(tag = 'made of this') {
  const file = join(folder, 'index.cache');
  await writeIndexFile(file, tag, image, pause);
  return file;
}

describe('an index file', () => {
  it('gives back every array as it was', async () => {
    expect(await readIndexFile(await kept(), 'made of this', pause)).toEqual(image);
  });

  it('is nothing where it is absent or was made of something else', async () => {
    expect(await readIndexFile(join(folder, 'absent'), 'made of this', pause)).toBeUndefined();
    expect(await readIndexFile(await kept('of that'), 'made of this', pause)).toBeUndefined();
  });

  it('is nothing wherever it is cut off or damaged', async () => {
    const file = await kept();
    const whole = readFileSync(file);
    const damage = fc.oneof(
      fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
      fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const bytes = Buffer.from(whole);
        bytes[at] ^= flip;
        return bytes;
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        writeFileSync(file, bytes);
        expect(await readIndexFile(file, 'made of this', pause)).toBeUndefined();
      }),
    );
  });

  it('is nothing for arbitrary bytes', async () => {
    const file = join(folder, 'arbitrary.cache');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        writeFileSync(file, Buffer.concat([Buffer.from('CSX1'), bytes]));
        expect(await readIndexFile(file, 'made of this', pause)).toBeUndefined();
      }),
    );
  });
});
