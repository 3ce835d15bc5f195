/** What a question is to the index, and how much of a hit hangs on a single word of it. */
import { describe, expect, it } from 'vitest';
import { createTermCounter, readTerms } from './document-terms.ts';
import { createIndexBuilder } from './inverted-index.ts';
import { type Reader, readQuery } from './read-query.ts';
import { largestShare } from './scorer.ts';
import { createSpelling } from './spelling.ts';

const definitions = [
  { name: 'receipt-verifier', description: 'Checks signed receipts', body: 'Reads a chain of receipts.' },
  { name: 'page-builder', description: 'Builds web pages', body: 'Layout, forms and their validation.' },
];

async function reader(): Promise<Reader> {
  const builder = createIndexBuilder();
  const spelling = createSpelling();
  const count = createTermCounter();
  for (const { name, description, body } of definitions) {
    builder.add(readTerms(count({ name, description, capabilities: [], plugin: '', body })));
    for (const word of `${name} ${description}`.split(/\W/)) spelling.add(word.toLowerCase());
  }
  return {
    index: await builder.build(async () => undefined),
    spelling: spelling.build(),
    knows: (word) => word === 'goods' || word === 'report',
    weigh: (word) => word.length,
  };
}

describe('a question', () => {
  it('tells the weightiest word that no definition has', async () => {
    const read = await reader();
    expect(readQuery('report on goods receipts', read)).toMatchObject({ strangest: 6, words: 4 });
    expect(readQuery('validation of signed forms', read).strangest).toBe(0);
    expect(readQuery('what is it', read).strangest).toBe(0);
    expect(readQuery('', read)).toMatchObject({ strangest: 0, words: 0, known: 0 });
  });

  it('is not strange where a word is mended or a part of it known', async () => {
    const read = await reader();
    expect(readQuery('reciept', read)).toMatchObject({ strangest: 0, readAs: [{ as: 'receipt' }] });
    expect(readQuery('pageRuler', read).strangest).toBe(0);
  });

  it('hangs on one word of a definition or on several', async () => {
    const read = await reader();
    const share = (text: string, document: number): number =>
      largestShare(read.index, readQuery(text, read).terms, document);
    expect(share('goods receipts', 0)).toBe(1);
    expect(share('goods receipts', 1)).toBe(1);
    expect(share('signed receipts', 0)).toBeGreaterThan(0.5);
    expect(share('signed receipts', 0)).toBeLessThan(0.9);
  });
});
