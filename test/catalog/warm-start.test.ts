/** A start from what was kept answers as a first one does, and reads no body. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSearchIndexes, type IndexByKind } from '../../src/catalog/search-indexes.ts';
import type { KindName } from '../../src/protocol/entities.ts';
import { openEmbedding } from '../../src/search/model-file.ts';
import { createTree, definition, read, write } from './tree.ts';

const project = resolve(import.meta.dirname, '../..');
const embedding = openEmbedding(join(project, 'model'));
afterAll(() => embedding?.close());

const kinds: readonly KindName[] = ['agent', 'skill', 'workflow'];
const questions = readFileSync(join(project, 'test/ranking/starter.jsonl'), 'utf8')
  .split('\n')
  .filter((line, i) => line !== '' && i % 5 === 0)
  .map((line) => (JSON.parse(line) as { readonly query: string }).query);

/** A copy of the plugins of `from`, and a folder for what is kept. */
function createCopy(from: string) {
  const root = createTree();
  for (const part of ['plugins', 'agent-registry.yml']) {
    cpSync(join(from, part), join(root, part), { recursive: true });
  }
  return { root, cacheDirectory: createTree() };
}

/** What a process builds that has just started. */
async function start({ root, cacheDirectory }: ReturnType<typeof createCopy>) {
  const { entries, bodyOf } = await read(root);
  let bodiesRead = 0;
  const indexes = await createSearchIndexes({
    cacheDirectory,
    ...(embedding && { embedding }),
  }).build(entries, {
    bodyOf: (hash) => {
      bodiesRead++;
      return bodyOf(hash);
    },
    pause: async () => undefined,
  });
  const size = kinds.reduce((sum, kind) => sum + entries[kind].length, 0);
  return { answers: answersOf(indexes), bodiesRead, size };
}

function answersOf(indexes: IndexByKind) {
  return questions.flatMap((text) =>
    kinds.map((kind) => [
      indexes[kind]?.search({ text, limit: 10 }),
      indexes[kind]?.search({ capability: text.split(' ')[0], limit: 3 }),
    ]),
  );
}

describe.each([
  ['the starter catalogue', project],
  ['a small roster', join(project, 'test/fixtures/roster')],
])('%s', (_, from) => {
  it('is searched after a warm start exactly as after a cold one', async () => {
    const copy = createCopy(from);
    const cold = await start(copy);
    expect(cold.bodiesRead).toBe(cold.size);
    const warm = await start(copy);
    expect(warm.bodiesRead).toBe(0);
    expect(warm.answers).toEqual(cold.answers);
  });
});

/** More than half of them have no body: heads are compared word by word. */
const bodyless = {
  'agents/painter.md': definition('painter', 'Paints walls and doors.', ''),
  'agents/mason.md': definition('mason', 'Lays bricks in mortar.', ''),
  'agents/typed.md': '---\nname: typed\ndescription: Types letters.\nmodel: opus\n---\nFast.\n',
};

describe('an index that was kept', () => {
  it.each([
    ['of the starter catalogue', () => createCopy(project)],
    ['of heads alone', () => ({ root: createTree(bodyless), cacheDirectory: createTree() })],
  ])('%s answers without what it was built of', async (_, create) => {
    const copy = create();
    const cold = await start(copy);
    for (const name of readdirSync(copy.cacheDirectory)) {
      if (!name.startsWith('index-')) rmSync(join(copy.cacheDirectory, name));
    }
    const warm = await start(copy);
    expect(warm.bodiesRead).toBe(0);
    expect(warm.answers).toEqual(cold.answers);
  });

  it('is not the one of a catalogue whose registry gives other tags', async () => {
    const copy = createCopy(project);
    await start(copy);
    const file = join(copy.root, 'agent-registry.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(/capabilities: \[/g, 'capabilities: [gardening, '),
    );
    const { answers } = await start(copy);
    expect(answers).toEqual((await start({ ...copy, cacheDirectory: createTree() })).answers);
  });
});

describe('what was kept', () => {
  const roster = join(project, 'test/fixtures/roster');

  it('is worked out again only where a file has changed', async () => {
    const copy = createCopy(roster);
    await start(copy);
    write(copy.root, {
      'plugins/web/agents/new.md': '---\nname: new\ndescription: Waters plants.\n---\nDaily.\n',
    });
    const { bodiesRead, answers } = await start(copy);
    expect(bodiesRead).toBe(1);
    expect((await start({ ...copy, cacheDirectory: createTree() })).answers).toEqual(answers);
  });

  it('is ignored where it is damaged', async () => {
    const copy = createCopy(roster);
    const { answers, size } = await start(copy);
    for (const name of readdirSync(copy.cacheDirectory)) {
      const file = join(copy.cacheDirectory, name);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(file, bytes);
    }
    const again = await start(copy);
    expect(again.bodiesRead).toBe(size);
    expect(again.answers).toEqual(answers);
    expect((await start(copy)).bodiesRead).toBe(0);
  });
});
