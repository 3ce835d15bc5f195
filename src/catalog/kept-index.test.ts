import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexData } from '../search/engine.ts';
import { openEmbedding } from '../search/model-file.ts';
import { createIndexer } from './indexer.ts';
import { keepIndexes } from './kept-index.ts';
import type { Snapshot } from './snapshot.ts';

const project = resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callsheet-kept-'));
  cpSync(join(project, 'test/fixtures/roster'), join(folder, 'root'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a new process would have after its first run. */
async function start(withMeaning = true): Promise<Snapshot> {
  const embedding = withMeaning ? openEmbedding(join(project, 'model')) : undefined;
  const indexer = createIndexer({
    roots: [{ path: join(folder, 'root'), scope: 'project' }],
    cacheDirectory: join(folder, 'data'),
    clock: () => performance.now(),
    ...(embedding && { embedding }),
  });
  await indexer.reindex();
  return indexer.current();
}

const questions = [
  'slow sql queries',
  'reponsive pages',
  'REST error formats',
  'what is new in this version',
];
function answers(snapshot: Snapshot): unknown {
  return [
    ...questions.map((text) => snapshot.search('agent', { text, limit: 5 })),
    snapshot.search('agent', { capability: 'hook', limit: 5 }),
    snapshot.search('workflow', { text: 'build a page', limit: 5 }),
  ];
}

const keptFile = (): string => join(folder, 'data', 'index-agent.cache');

describe('kept indexes', () => {
  it('answer as the ones that were built', async () => {
    const built = await start();
    const before = readFileSync(keptFile());
    const restored = await start();
    expect(answers(restored)).toEqual(answers(built));
    expect(readFileSync(keptFile()).equals(before)).toBe(true);
  });

  it('are taken only for the very same definitions', async () => {
    await start();
    const file = join(folder, 'root/plugins/web/agents/css-stylist.md');
    writeFileSync(file, readFileSync(file, 'utf8').replace('CSS grid', 'zebra crossings'));
    const { hits } = (await start()).search('agent', { text: 'zebra crossings', limit: 1 });
    expect(hits[0].id).toBe('web:css-stylist');
  });

  it('are taken only with the embedding they were made with', async () => {
    await start();
    const words = await start(false);
    expect(words.index('agent')?.semantic).toBe(false);
    expect((await start()).index('agent')?.semantic).toBe(true);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [
      'with one bit flipped',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte))),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('that are %s are built again', async (_how, damage) => {
    const whole = answers(await start());
    writeFileSync(keptFile(), damage(readFileSync(keptFile())));
    expect(answers(await start())).toEqual(whole);
    expect(readFileSync(keptFile()).length).toBeGreaterThan(1000);
  });

  it('come back as they were written', async () => {
    const kept = keepIndexes(join(folder, 'data'), undefined);
    const data = { standsFor: Uint32Array.of(0, 1, 1), withoutBody: 0.5 } as unknown as IndexData;
    await kept.write('skill', 'these', data);
    expect(await kept.read('skill', 'these')).toEqual(data);
    expect(await kept.read('skill', 'others')).toBeUndefined();
    expect(await kept.read('agent', 'these')).toBeUndefined();
  });
});
