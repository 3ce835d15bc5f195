/** Hot re-indexing: only what changed is read again, the snapshot is swapped, whoever asks is answered meanwhile. */
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIndexer, type Indexer, type IndexerOptions } from '../../src/catalog/indexer.ts';
import { createParseCache } from '../../src/catalog/parse-cache.ts';
import { createPause } from '../../src/catalog/slice.ts';
import { createTree, definition, read, write } from './tree.ts';

/** A clock of the file system by which everything written so far is old. */
const later = (): number => Date.now() + 10_000;

function indexerOf(root: string, options: Partial<IndexerOptions> = {}): Indexer {
  return createIndexer({
    roots: [{ path: root, scope: 'project' }],
    clock: () => performance.now(),
    now: later,
    ...options,
  });
}

const three = {
  'agents/a.md': definition('a', 'Paints walls.'),
  'agents/b.md': definition('b', 'Lays bricks.'),
  'skills/s/SKILL.md': definition('s', 'Mixes mortar.'),
};

describe('re-indexing', () => {
  it('reads only changed files again', async () => {
    const root = createTree(three);
    const cache = createParseCache();
    expect((await read(root, { cache, now: later })).filesRead).toBe(3);
    expect((await read(root, { cache, now: later })).filesRead).toBe(0);
    write(root, { 'agents/b.md': definition('b', 'Lays tiles.') });
    const { filesRead, entries } = await read(root, { cache, now: later });
    expect(filesRead).toBe(1);
    expect(entries.agent.map(({ description }) => description)).toEqual(['Paints walls.', 'Lays tiles.']);
  });

  it('reads nothing again at the next start', async () => {
    const root = createTree(three);
    const file = join(createTree(), 'cache/parsed');
    const first = await read(root, { cache: createParseCache(file), now: later });
    const second = await read(root, { cache: createParseCache(file), now: later });
    expect(second.filesRead).toBe(0);
    expect(second.revision).toBe(first.revision);
    expect(second.entries).toEqual(first.entries);
  });

  it('sees two edits within one tick of the clock', async () => {
    const root = createTree(three);
    const cache = createParseCache();
    await read(root, { cache });
    const moment = new Date();
    write(root, { 'agents/a.md': definition('a', 'Paints doors.') });
    utimesSync(join(root, 'agents/a.md'), moment, moment);
    expect((await read(root, { cache })).entries.agent[0].description).toBe('Paints doors.');
    write(root, { 'agents/a.md': definition('a', 'Paints roofs.') });
    utimesSync(join(root, 'agents/a.md'), moment, moment);
    expect((await read(root, { cache })).entries.agent[0].description).toBe('Paints roofs.');
  });

  it('ignores a cache that is damaged, cut or foreign', async () => {
    const root = createTree(three);
    const file = join(createTree(), 'parsed');
    await read(root, { cache: createParseCache(file), now: later });
    const bytes = readFileSync(file);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] ^= 1;
    for (const wrong of [
      flipped,
      bytes.subarray(0, bytes.length - 9),
      Buffer.from('something else\n'),
      Buffer.alloc(0),
    ]) {
      writeFileSync(file, wrong);
      const { filesRead, entries } = await read(root, { cache: createParseCache(file), now: later });
      expect(filesRead).toBe(3);
      expect(entries.agent).toHaveLength(2);
    }
  });

  it('goes on where the cache cannot be written, and says so', async () => {
    const root = createTree(three);
    const folder = createTree({ occupied: 'a file' });
    const warnings: string[] = [];
    const cache = createParseCache(join(folder, 'occupied/parsed'));
    const { entries } = await read(root, { cache, log: { warn: (message) => warnings.push(message) } });
    expect(entries.agent).toHaveLength(2);
    expect(warnings).toEqual(['the parse cache could not be written']);
  });

  it('tries what it could not read again, though nothing about the file has changed', async () => {
    const root = createTree({ 'agents/a.md': definition('a'), 'agents/picture.md': Buffer.alloc(100) });
    const cache = createParseCache();
    await read(root, { cache, now: later });
    expect((await read(root, { cache, now: later })).filesRead).toBe(1);
  });

  it('lets others run between slices of work', async () => {
    let time = 0;
    const pause = createPause(() => time);
    let others = 0;
    const ticker = setInterval(() => others++, 0);
    for (let i = 0; i < 50; i++) {
      time += 3;
      await pause();
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    clearInterval(ticker);
    expect(others).toBeGreaterThan(0);
  });
});

describe('indexer', () => {
  it('counts what was added, changed and removed', async () => {
    const root = createTree(three);
    const indexer = indexerOf(root);
    expect(indexer.current().counts.agents).toBe(0);
    expect(await indexer.reindex()).toMatchObject({ agents: 2, skills: 1, added: 3, changed: 0, removed: 0 });
    write(root, { 'agents/b.md': definition('b', 'Lays tiles.'), 'agents/c.md': definition('c') });
    rmSync(join(root, 'skills'), { recursive: true });
    expect(await indexer.reindex()).toMatchObject({ agents: 3, skills: 0, added: 1, changed: 1, removed: 1 });
    expect(await indexer.reindex()).toMatchObject({ added: 0, changed: 0, removed: 0 });
  });

  it('answers from the old snapshot until the new one is whole', async () => {
    const root = createTree(three);
    const indexer = indexerOf(root);
    await indexer.reindex();
    const before = indexer.current();
    write(root, { 'agents/c.md': definition('c', 'Fixes pipes.') });
    const running = indexer.reindex();
    let asked = 0;
    let done = false;
    void running.then(() => {
      done = true;
    });
    while (!done) {
      const { hits } = indexer.current().search('agent', { text: 'paint walls', limit: 1 });
      expect(hits[0]?.id).toBe('project:a');
      asked++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeGreaterThan(0);
    expect(indexer.current()).not.toBe(before);
    expect(before.get('project:c')).toBeUndefined();
    expect(indexer.current().search('agent', { text: 'fix the pipes', limit: 1 }).hits[0]?.id).toBe(
      'project:c',
    );
  });

  it('tells its listeners of changes, and of nothing else', async () => {
    const root = createTree(three);
    const indexer = indexerOf(root);
    const told: string[] = [];
    const stop = indexer.onSwap(({ revision }) => told.push(revision));
    await indexer.reindex();
    await indexer.reindex();
    write(root, { 'agents/c.md': definition('c') });
    await indexer.reindex();
    stop();
    write(root, { 'agents/d.md': definition('d') });
    await indexer.reindex();
    expect(told).toHaveLength(2);
    expect(new Set(told).size).toBe(2);
  });

  it('runs once for all who ask during a run', async () => {
    const root = createTree(three);
    const indexer = indexerOf(root);
    const first = indexer.reindex();
    write(root, { 'agents/c.md': definition('c') });
    const [, second, third] = await Promise.all([first, indexer.reindex(), indexer.reindex()]);
    expect(second).toBe(third);
    expect(second.agents).toBe(3);
  });

  it('gives equal contents equal revisions, and others others', async () => {
    const root = createTree(three);
    const { revision } = await indexerOf(root).reindex();
    expect((await indexerOf(createTree(three)).reindex()).revision).toBe(revision);
    write(root, { 'agents/a.md': definition('a', 'Paints doors.') });
    expect((await indexerOf(root).reindex()).revision).not.toBe(revision);
    write(root, three);
    expect((await indexerOf(root).reindex()).revision).toBe(revision);
  });

  it('takes a renamed folder for what it is', async () => {
    const root = createTree({ 'plugins/old/agents/a.md': definition('a') });
    const indexer = indexerOf(root);
    await indexer.reindex();
    renameSync(join(root, 'plugins/old'), join(root, 'plugins/new'));
    expect(await indexer.reindex()).toMatchObject({ agents: 1, added: 1, removed: 1 });
    expect(indexer.current().get('new:a')?.path).toBe('plugins/new/agents/a.md');
  });

  it('serves on when a root vanishes, says so, and takes it up again', async () => {
    const root = createTree(three);
    const other = createTree({ 'agents/other.md': definition('other') });
    const roots = [root, other].map((path) => ({ path, scope: 'project' }) as const);
    const indexer = indexerOf(root, { roots });
    await indexer.reindex();
    renameSync(root, `${root}-away`);
    expect(await indexer.reindex()).toMatchObject({ agents: 1, removed: 3, problems: 1 });
    expect(indexer.current().problems).toMatchObject([
      { root, cause: expect.stringContaining('does not exist') },
    ]);
    renameSync(`${root}-away`, root);
    expect(await indexer.reindex()).toMatchObject({ agents: 3, added: 3, problems: 0 });
  });

  it('reads definitions as they are now, and refuses those that are gone', async () => {
    const root = createTree({ 'agents/a.md': definition('a', 'Old.', '\n\nBody \u202eone.\n') });
    const indexer = indexerOf(root);
    await indexer.reindex();
    const snapshot = indexer.current();
    const entry = snapshot.entries('agent')[0];
    expect(await snapshot.readDefinition(entry)).toEqual({
      frontmatter: { name: 'a', description: 'Old.' },
      body: 'Body one.\n',
    });
    rmSync(join(root, 'agents/a.md'));
    await expect(snapshot.readDefinition(entry)).rejects.toMatchObject({ name: expect.any(String) });
    await expect(snapshot.readDefinition(entry)).rejects.not.toThrow(root);
  });

  it('finds words of bodies at a start with everything in the caches', async () => {
    const root = createTree({
      'agents/a.md': definition('a', 'Does one thing.', 'Knows all about zeppelins.\n'),
      'agents/b.md': definition('b', 'Does another thing.', 'Knows all about submarines.\n'),
    });
    const cacheDirectory = join(createTree(), 'cache');
    mkdirSync(cacheDirectory);
    for (let start = 0; start < 2; start++) {
      const indexer = indexerOf(root, { cacheDirectory });
      await indexer.reindex();
      const { hits } = indexer.current().search('agent', { text: 'submarines', limit: 1 });
      expect(hits[0]?.id).toBe('project:b');
    }
  });
});
