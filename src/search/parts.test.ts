/** The engine's parts by themselves, against naive versions of what they do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from './analyzer.ts';
import { confidenceOf } from './calibration.ts';
import { createTermCounter, readTerms } from './document-terms.ts';
import { blendOf, relevance, strength } from './fusion.ts';
import { createIndexBuilder } from './inverted-index.ts';
import { passagesOf } from './passages.ts';
import { createRowCache, readRowCache } from './row-cache.ts';
import { scoreTerms } from './scorer.ts';
import { resemblance, sketchOf } from './sketch.ts';
import { createSpelling } from './spelling.ts';
import { trustOf } from './stuffing.ts';
import { createTags } from './tags.ts';
import { createDictionary } from './term-dictionary.ts';
import { topOf } from './top.ts';
import { createVectorRows, quantise } from './vector-rows.ts';
import { createWordMemory } from './word-memory.ts';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const noPause = async (): Promise<void> => undefined;

describe('vectors as rows', () => {
  it('keep dot products within the error of a byte', () => {
    const vector = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 9 }), vector, (vectors, query) => {
        const builder = createVectorRows(16);
        for (const values of vectors) builder.push(quantise(Float32Array.from(values)));
        const found = new Float32Array(vectors.length);
        builder.build().scan(Float32Array.from(query), found);
        vectors.forEach((values, i) => {
          const exact = values.reduce((sum, value, k) => sum + value * query[k], 0);
          expect(Math.abs(found[i] - exact)).toBeLessThan(16 / 127);
        });
      }),
    );
  });

  it('count a row of another size as unknown', () => {
    const builder = createVectorRows(8);
    builder.push(new Int8Array(3).fill(9));
    const found = new Float32Array(1);
    builder.build().scan(new Float32Array(8).fill(1), found);
    expect(found[0]).toBe(0);
  });

  it('survive being written and read, but only for their model and undamaged', () => {
    const cache = createRowCache('m1');
    const key = '0123456789abcdef0123456789abcdef';
    cache.put(key, Uint8Array.from([1, 2, 3, 4, 5]));
    const bytes = cache.serialise();
    expect(readRowCache(bytes, 'm1').get(key)).toEqual(cache.get(key));
    expect(readRowCache(bytes, 'm2').size).toBe(0);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] ^= 0x55;
      expect(readRowCache(damaged, 'm1').size).toBe(0);
    }
  });
});

describe('the inverted index', () => {
  it('agrees with a naive BM25F', async () => {
    const texts = fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(texts, word, async (documents, asked) => {
        const builder = createIndexBuilder();
        const countTerms = createTermCounter();
        for (const words of documents) {
          const description = words.join(' ');
          const fields = { name: '', description, capabilities: [], plugin: '', body: '' };
          builder.add(readTerms(countTerms(fields)));
        }
        const index = await builder.build(noPause);
        const [term] = analyze(asked);
        const scores = new Float32Array(documents.length);
        const known = term === undefined ? -1 : index.dictionary.find(term);
        if (known >= 0) scoreTerms(index, [{ term: known, weight: 1 }], scores);
        naiveScores(documents, term).forEach((score, i) => {
          expect(scores[i]).toBeCloseTo(score, 4);
        });
      }),
    );
  });

  it('remembers words as the analyzer reads them', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('useEffect — C++ ünïcode', '数据库 x', '𠀀𠀁 a1', '𐄇9 𝟘x'),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const dictionary = createDictionary();
        const memory = createWordMemory(dictionary);
        for (const each of texts) {
          const terms: string[] = [];
          memory.terms(each, (term) => terms.push(dictionary.term(term)));
          expect(terms).toEqual(analyze(each).map((term) => dictionary.term(dictionary.find(term))));
        }
      }),
    );
  });
});

function naiveScores(documents: readonly (readonly string[])[], term: string | undefined): number[] {
  const terms = documents.map((words) => analyze(words.join(' ')));
  const average = terms.reduce((sum, list) => sum + list.length, 0) / documents.length || 1;
  const holders = terms.filter((list) => term !== undefined && list.includes(term)).length;
  const idf = Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
  return terms.map((list) => {
    const tf = list.filter((other) => other === term).length / (0.1 + (0.9 * list.length) / average);
    return list.length === 0 ? 0 : (idf * tf) / (0.9 + tf);
  });
}

describe('the best of many', () => {
  it('are those a full sort finds', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 10 }), (values, count) => {
        const sorted = [...values.keys()]
          .filter((i) => i % 3 > 0)
          .sort((a, b) => values[b] - values[a] || a - b);
        expect(topOf(Float32Array.from(values), count, (i) => i % 3 > 0)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});

describe('spelling', () => {
  const builder = createSpelling();
  for (const known of ['kubernetes', 'kubernetes', 'postgres', 'react', 'reach', 'migration', 'Ux'])
    builder.add(known);
  const spelling = builder.build();

  it.each([
    ['kuberntes', 'kubernetes'],
    ['kubrenetes', 'kubernetes'],
    ['migratoin', 'migration'],
    ['raect', 'react'],
    ['ux', undefined],
    ['xyzzy', undefined],
    ['b4n4n4', undefined],
    ['ostgres', undefined],
  ])('%s → %s', (wrong, right) => {
    expect(spelling.mend(wrong)).toBe(right);
  });
});

describe('tags', () => {
  const builder = createTags();
  builder.add(['Code Review', 'react']);
  builder.add(['code-reviews', 'ux']);
  builder.add(['linux', '']);
  const tags = builder.build();
  const found = (asked: string) =>
    [...tags.match(asked)].map(([document, { match }]) => `${document} ${match}`);

  it('are met however they are written, then nearly', () => {
    expect(found('code_review')).toEqual(['0 exact', '1 fuzzy']);
    expect(found('raect')).toEqual(['0 fuzzy']);
    expect(found('UX')).toEqual(['1 exact']);
    expect(found('lin')).toEqual([]);
  });
});

describe('sketches', () => {
  const lines = Array.from({ length: 60 }, (_, i) => `Rule ${i}: check item${i} before step${i * 7}.`);

  it('tell nearly the same from different texts', () => {
    const text = lines.join('\n');
    expect(resemblance(sketchOf(text), sketchOf(text.toUpperCase()))).toBe(1);
    expect(resemblance(sketchOf(text), sketchOf(`${text}\nOne line more.`))).toBeGreaterThan(0.85);
    expect(
      resemblance(sketchOf(text), sketchOf([...lines].reverse().join(' ').replaceAll('item', 'x'))),
    ).toBeLessThan(0.6);
    expect(resemblance(sketchOf(''), sketchOf(text))).toBe(0);
  });
});

describe('numbers that people see', () => {
  it('stay within 0..1 and grow with what they measure', () => {
    const value = fc.float({ min: -2, max: 5, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(strength(a)).toBeGreaterThanOrEqual(0);
        expect(strength(a)).toBeLessThanOrEqual(1);
        if (a < b) expect(strength(a)).toBeLessThanOrEqual(strength(b));
      }),
    );
    const evidence = { top: 0.4, margin: 0.05, single: 0.5, strangest: 0, words: 6, known: 0.8, bodies: 1 };
    const confidence = confidenceOf(evidence);
    expect(confidenceOf({ ...evidence, margin: 0.1 })).toBeGreaterThan(confidence);
    expect(confidenceOf({ ...evidence, single: 1 })).toBeLessThan(confidence);
    expect(confidenceOf({ ...evidence, strangest: 2 })).toBeLessThan(confidence);
    const doubtful = { ...evidence, top: 0.1, margin: 0.01, known: 0.5 };
    expect(confidenceOf({ ...doubtful, bodies: 0 })).toBeCloseTo(0.058, 3);
    expect(confidenceOf({ ...doubtful, single: 1, strangest: 3 })).toBe(0);
    expect(confidenceOf({ ...evidence, top: 0, margin: 0, single: 1, strangest: 2.5, known: 0 })).toBe(0);
  });

  it('let words decide where one definition holds what was asked', () => {
    expect(blendOf(0, 0, 2, 10).decisive).toBe(0);
    expect(blendOf(0, 0, 9, 10).decisive).toBe(1);
    expect(relevance(blendOf(1, 0, 4, 16), 0.9, 4, 3)).toBeCloseTo(0.5);
  });
});

describe('texts', () => {
  it('are cut into passages without code', () => {
    const body = `Intro.\n\`\`\`js\nsecret()\n\`\`\`\n${'A line of prose. '.repeat(20)}\n${'More. '.repeat(60)}`;
    const passages = passagesOf(body);
    expect(passages.length).toBeGreaterThan(1);
    expect(passages.join(' ')).not.toContain('secret');
    expect(passagesOf('x\n\n'.repeat(100_000)).length).toBeLessThanOrEqual(24);
  });

  it('that repeat themselves are trusted less', () => {
    expect(trustOf(['review', 'review', 'review'])).toBe(1);
    expect(trustOf(Array(90).fill('review'))).toBeLessThan(0.1);
    expect(trustOf('builds api services that are fast and safe for many users at once'.split(' '))).toBe(1);
  });
});
