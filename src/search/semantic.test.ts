import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbedding } from './model-file.ts';
import { cosine, createEmbedding } from './semantic.ts';

const directory = resolve(import.meta.dirname, '../../model');
const lines = readFileSync(join(directory, 'test-vectors.jsonl'), 'utf8').trim().split('\n');
const vectors = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const texts = vectors.filter((line) => typeof line.text === 'string') as {
  text: string;
  vector_head: number[];
  norm: number;
}[];
const cosines = vectors.find((line) => 'cosines' in line)?.cosines as number[][];

function open() {
  const embedding = openEmbedding(directory);
  if (!embedding) throw new Error('the model is missing');
  return embedding;
}

describe('the static embedding', () => {
  const embedding = open();

  it.each(texts)('agrees with the reference on "$text"', ({ text, vector_head, norm }) => {
    const vector = embedding.embed(text);
    vector_head.forEach((value, i) => {
      expect(Math.abs(vector[i] - value)).toBeLessThan(1e-3);
    });
    expect(Math.abs(Math.hypot(...vector) - norm)).toBeLessThan(1e-3);
  });

  it('agrees with the reference on every similarity', () => {
    expect(cosines.length).toBe(texts.length);
    cosines.forEach((row, i) => {
      row.forEach((value, j) => {
        const actual = cosine(embedding.embed(texts[i].text), embedding.embed(texts[j].text));
        expect(Math.abs(actual - value)).toBeLessThan(1e-3);
      });
    });
  });

  it('gives the same vectors while the table is held and after', () => {
    const before = embedding.embed('tune a slow query');
    const release = embedding.hold();
    expect(embedding.embed('tune a slow query')).toEqual(before);
    release();
    release();
    expect(embedding.embed('tune a slow query')).toEqual(before);
  });

  it('is undefined where there is no model', () => {
    expect(openEmbedding(import.meta.dirname)).toBeUndefined();
  });

  it('refuses files that do not fit their description', () => {
    const source = {
      config: { format: 'callsheet-static-1', dim: 256, vocabulary: 3 },
      vocabulary: new TextEncoder().encode('a\nb\nc\n'),
      size: 100,
      read: (target: Uint8Array) => void target.fill(0),
      checksum: () => 0,
      close: () => undefined,
    };
    expect(() => createEmbedding({ ...source, config: {} })).toThrow('unknown format');
    expect(() => createEmbedding(source)).toThrow();
  });
});
