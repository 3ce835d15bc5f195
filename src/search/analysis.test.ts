/** What analysis makes of a document survives being kept, and kept rows answer as fresh ones do. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANALYSIS, createAnalyst, readAnalysis } from './analysis.ts';
import { analyze, tokenize } from './analyzer.ts';
import { buildSearchIndex, type SearchDocument } from './engine.ts';
import { createRowCache, readRowCache } from './row-cache.ts';
import { sketchOf } from './sketch.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', 'useEffect in C++ — ünïcode', '数据库 性能', '𠀀𠀁 a1', 'word '.repeat(300)),
);
const texts = fc.record({
  name: text,
  description: text,
  capabilities: fc.array(text, { maxLength: 3 }),
  plugin: text,
});

describe('a row of analysis', () => {
  it('holds what the analyzer finds', () => {
    const analyse = createAnalyst();
    fc.assert(
      fc.property(texts, text, (document, body) => {
        const { hasBody, sketch, words, terms } = readAnalysis(analyse(document, body));
        const { name, description, capabilities, plugin } = document;
        expect(hasBody).toBe(body.trim() !== '');
        expect(sketch).toEqual(sketchOf(`${description}\n${body}`));
        const head = tokenize(`${name} ; ${description} ; ${capabilities.join(' ; ')}`);
        expect(words).toEqual(head.map(({ word }) => word));
        const fields = [name, description, capabilities.join(' ; '), plugin, body].map(analyze);
        expect(terms.lengths).toEqual(fields.map(({ length }) => length));
        expect(terms.nameLength).toBe(Math.min(255, new Set(fields[0]).size));
        const counts = new Map<string, number[]>();
        terms.each((bytes, start, end, found) => {
          counts.set(Buffer.from(bytes.subarray(start, end)).toString(), [...found]);
        });
        expect(counts).toEqual(countOf(fields));
      }),
    );
  });

  it('changes its name whenever it would hold something else', () => {
    const analyse = createAnalyst();
    const row = analyse(
      {
        name: 'react-specialist',
        description:
          'Builds React components with useEffect, C++ and .NET; reviews naïve HTTPServer code 24/7.',
        capabilities: ['react hooks', 'c#'],
        plugin: 'web',
      },
      'You administer Kubernetes clusters (k8s), running queries carefully. 数据库性能优化. Пишет автоматические тесты.',
    );
    const digest = createHash('sha256').update(row).digest('hex').slice(0, 16);
    // Another digest: give ANALYSIS another number, so that rows kept by earlier versions are left alone.
    expect({ ANALYSIS, digest }).toEqual({ ANALYSIS: 'analysis-1', digest: '947c52a307431c5c' });
  });
});

function countOf(fields: readonly (readonly string[])[]): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const [f, terms] of fields.entries()) {
    for (const term of terms) {
      const found = counts.get(term) ?? [0, 0, 0, 0, 0];
      found[f] = Math.min(255, found[f] + 1);
      counts.set(term, found);
    }
  }
  return counts;
}

describe('building from kept analyses', () => {
  const documents = ['Paints walls.', 'Lays bricks.', 'Mixes mortar.'].map((description, i) => ({
    id: `p:d${i}`,
    name: `d${i}`,
    description,
    capabilities: ['building'],
    contentHash: String(i).repeat(32),
    precedence: i,
  }));
  let reads = 0;
  const withBodies: SearchDocument[] = documents.map((document) => ({
    ...document,
    body: async () => {
      reads++;
      return `${document.description} And whatever else a builder does.`;
    },
  }));
  const ask = async (analyses: ReturnType<typeof createRowCache>) => {
    reads = 0;
    const index = await buildSearchIndex(withBodies, { analyses });
    return index.search({ text: 'who paints bricks for a builder', limit: 3 });
  };

  it('reads no body again, and answers the same', async () => {
    const cold = createRowCache(ANALYSIS);
    const answer = await ask(cold);
    expect(reads).toBe(3);
    const warm = readRowCache(cold.serialise(), ANALYSIS);
    expect(await ask(warm)).toEqual(answer);
    expect(reads).toBe(0);
    expect(warm.changed).toBe(false);
  });

  it('reads them where the rows were made by another analyzer, or are damaged', async () => {
    const cold = createRowCache('analysis-0');
    const answer = await ask(cold);
    const bytes = cold.serialise();
    const damaged = bytes.slice();
    damaged[bytes.length >> 1] ^= 1;
    for (const [kept, tag] of [
      [bytes, ANALYSIS],
      [damaged, 'analysis-0'],
      [bytes.subarray(0, 99), 'analysis-0'],
    ] as const) {
      expect(await ask(readRowCache(kept, tag))).toEqual(answer);
      expect(reads).toBe(3);
    }
  });

  it('leaves behind what is no longer used', async () => {
    const cold = createRowCache(ANALYSIS);
    await ask(cold);
    const warm = readRowCache(cold.serialise(), ANALYSIS);
    await buildSearchIndex(withBodies.slice(0, 1), { analyses: warm });
    expect(warm.changed).toBe(true);
    expect(readRowCache(warm.serialise(), ANALYSIS).size).toBe(1);
  });
});
