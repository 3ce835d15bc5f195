/** Opens the embedding that lies in a directory. The directory is handed in; nothing else is read. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createEmbedding, type Embedding } from './semantic.ts';

/**
 * @param directory holds `config.json`, `vocab.txt` and `model.safetensors`
 * @returns undefined where no model lies there
 * @throws Error where one lies there that cannot be trusted
 */
export function openEmbedding(directory: string): Embedding | undefined {
  const path = join(directory, 'model.safetensors');
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    return createEmbedding({
      config: JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as unknown,
      vocabulary: readFileSync(join(directory, 'vocab.txt')),
      size: fstatSync(file).size,
      read: (target, position) => readFully(file, target, position),
      checksum: crc32,
      close: () => closeSync(file),
    });
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function readFully(file: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length; ) {
    const read = readSync(file, target, done, target.length - done, position + done);
    if (read === 0) throw new Error('the model file ends too early');
    done += read;
  }
}
