import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildSearchIndex, type SearchDocument, type SearchIndex } from './engine.ts';
import { openEmbedding } from './model-file.ts';
import type { SearchQuery } from './query.ts';
import { createRowCache } from './row-cache.ts';

const model = openEmbedding(resolve(import.meta.dirname, '../../model'));
if (!model) throw new Error('the model is missing');
const embedding = model;
afterAll(() => embedding.close());

function doc(id: string, description: string, more: Partial<SearchDocument> = {}): SearchDocument {
  const [plugin, name] = id.split(':');
  const hash = Buffer.from(id).toString('hex');
  const base = {
    id,
    name,
    plugin,
    description,
    capabilities: [],
    body: '',
    contentHash: hash,
    precedence: 0,
  };
  return { ...base, ...more };
}

const team = [
  doc('web:react-specialist', 'Builds React components with hooks and keeps rendering fast.', {
    capabilities: ['react', 'hooks', 'performance'],
  }),
  doc('data:postgres-tuner', 'Speeds up slow PostgreSQL queries with indexes.', {
    capabilities: ['postgresql', 'sql'],
  }),
  doc('ops:kubernetes-operator', 'Deploys services to Kubernetes clusters.', {
    capabilities: ['kubernetes'],
  }),
  doc('ops:linux-admin', 'Administers linUX servers and their shells.', { capabilities: ['linux'] }),
  doc('web:ux-researcher', 'Interviews users and tests UX prototypes.', { capabilities: ['ux'] }),
  doc('lang:cpp-pro', 'Writes modern C++ with templates and RAII.', { capabilities: ['c++'] }),
  doc('lang:csharp-pro', 'Writes C# for .NET services.', { capabilities: ['c#', '.net'] }),
  doc('lang:go-pro', 'Writes Go with goroutines and channels.', { capabilities: ['go'] }),
  doc('lang:r-analyst', 'Statistics and plots in R.', { capabilities: ['r'] }),
  doc('zh:db', '数据库性能优化专家,负责慢查询和索引设计。'),
  doc('ru:qa', 'Пишет автоматические тесты и проверяет качество кода.'),
];

const withoutMeaning = await buildSearchIndex(team);
const withMeaning = await buildSearchIndex(team, { embedding });
const both: [string, SearchIndex][] = [
  ['by words alone', withoutMeaning],
  ['with meaning', withMeaning],
];

function first(index: SearchIndex, query: Partial<SearchQuery>): string | undefined {
  return index.search({ limit: 3, ...query }).hits[0]?.id;
}

describe.each(both)('the engine %s', (_, index) => {
  it.each([
    ['hooks for my component', 'web:react-specialist'],
    ['slow query', 'data:postgres-tuner'],
    ['deploy to k8s', 'ops:kubernetes-operator'],
    ['kuberntes clustr', 'ops:kubernetes-operator'],
    ['UX', 'web:ux-researcher'],
    ['C++', 'lang:cpp-pro'],
    ['C#', 'lang:csharp-pro'],
    ['.NET', 'lang:csharp-pro'],
    ['Go', 'lang:go-pro'],
    ['R', 'lang:r-analyst'],
    ['慢查询优化', 'zh:db'],
    ['автоматический тест', 'ru:qa'],
    ['用 React hooks 写组件', 'web:react-specialist'],
  ])('finds who does "%s"', (text, id) => {
    expect(first(index, { text })).toBe(id);
  });

  it('gives a distribution over all definitions', () => {
    const shares = index.distribution('slow sql query');
    expect(index.ids).toEqual(team.map(({ id }) => id));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(index.ids[shares.indexOf(Math.max(...shares))]).toBe('data:postgres-tuner');
  });

  it.each(['the of and', '🎉🎉', '?!', 'xq', `${'word '.repeat(400)}`, 'ア'.repeat(2000)])(
    'survives "%.20s"',
    (text) => {
      const { hits, confidence } = index.search({ text, limit: 5 });
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(hits.length > 0).toBe(confidence > 0);
      for (const { score } of hits) expect(score >= 0 && score <= 1).toBe(true);
    },
  );
});

describe('an answer', () => {
  it('abstains and names the nearest where nothing is known', () => {
    const answer = withoutMeaning.search({ text: 'zzgrmbl', limit: 5 });
    expect(answer).toMatchObject({ hits: [], confidence: 0, searched: team.length });
    expect(answer.nearest).toHaveLength(3);
  });

  it('has scores that fall and differ, and is surer of a plain question than of a vague one', () => {
    const { hits, confidence } = withMeaning.search({ text: 'tune slow PostgreSQL queries', limit: 5 });
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(scores.length);
    expect(confidence).toBeGreaterThan(withMeaning.search({ text: 'make it nice', limit: 5 }).confidence);
  });

  it('says why', () => {
    const { hits } = withMeaning.search({ text: 'kuberntes clusters', limit: 1 });
    expect(hits[0].explanation.reasons).toContainEqual({
      kind: 'read-as',
      word: 'kuberntes',
      as: 'kubernetes',
    });
    expect(hits[0].explanation.reasons).toContainEqual({ kind: 'terms', terms: ['kubernetes', 'clusters'] });
  });

  it('lists in order where nothing is asked', () => {
    const { hits, searched } = withMeaning.search({ text: ' ', limit: 4 });
    expect(hits.map(({ id }) => id)).toEqual(team.slice(0, 4).map(({ id }) => id));
    expect(searched).toBe(team.length);
    expect(new Set(hits.map(({ score }) => score)).size).toBe(4);
  });

  it('ranks among those named, and answers all of them', () => {
    const among = ['lang:go-pro', 'data:postgres-tuner', 'nobody:here'];
    const { hits, searched } = withMeaning.search({ text: 'slow sql', among, limit: 5 });
    expect(hits.map(({ id }) => id)).toEqual(['data:postgres-tuner', 'lang:go-pro']);
    expect(searched).toBe(2);
    const unasked = withMeaning.search({ among, limit: 5 });
    expect(unasked.hits.map(({ id }) => id)).toEqual(['lang:go-pro', 'data:postgres-tuner']);
  });

  it('adds adjustments to the score and says so', () => {
    const text = 'slow query';
    const before = withMeaning.search({ text, limit: 2 }).hits;
    const adjust = new Map([[before[1].id, { delta: 0.9, reason: 'history' }]]);
    const after = withMeaning.search({ text, limit: 2, adjust }).hits;
    expect(after[0].id).toBe(before[1].id);
    expect(after[0].explanation.reasons).toContainEqual({ kind: 'adjusted', delta: 0.9, reason: 'history' });
  });
});

describe('a capability', () => {
  const reason = (capability: string) =>
    withMeaning.search({ capability, limit: 1 }).hits[0].explanation.reasons[0];

  it('is met by the same tag, however it is written', () => {
    expect(first(withMeaning, { capability: ' React' })).toBe('web:react-specialist');
    expect(reason('React')).toMatchObject({ kind: 'capability', tag: 'react', match: 'exact' });
    expect(withMeaning.search({ capability: 'react', limit: 1 }).confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('is met by a near tag, and as text where no tag is near', () => {
    expect(reason('kubernets')).toMatchObject({ kind: 'capability', tag: 'kubernetes', match: 'fuzzy' });
    expect(first(withMeaning, { capability: 'slow queries' })).toBe('data:postgres-tuner');
  });

  it('of two letters is never met inside another word', () => {
    const { hits } = withMeaning.search({ capability: 'ux', limit: 5 });
    expect(hits[0].id).toBe('web:ux-researcher');
    const linux = hits.find(({ id }) => id === 'ops:linux-admin');
    expect(linux?.explanation.reasons.map(({ kind }) => kind) ?? []).not.toContain('capability');
  });

  it('combines with a text', () => {
    const many = [
      doc('a:one', 'Draws charts.', { capabilities: ['react'] }),
      doc('a:two', 'Writes forms and validates input.', { capabilities: ['react'] }),
      doc('a:three', 'Writes forms on paper.'),
    ];
    return buildSearchIndex(many, { embedding }).then((index) => {
      const { hits } = index.search({ capability: 'react', text: 'validate a form', limit: 3 });
      expect(hits.map(({ id }) => id)[0]).toBe('a:two');
    });
  });
});

describe('keyword stuffing', () => {
  const honest = doc('good:code-reviewer', 'Reviews code for correctness, security and maintainability.', {
    body: 'You review pull requests. Look for bugs, missing tests and unclear names. Explain every finding.',
  });
  const filler = Array.from({ length: 12 }, (_, i) =>
    doc(`other:helper-${i}`, `Handles area ${i}: invoices, letters and travel.`, { body: 'Be brief.' }),
  );
  const text = 'review my code for security';

  it.each([
    ['in the description', doc('bad:thing', 'review code security '.repeat(60))],
    ['in the body', doc('bad:thing', 'A thing.', { body: 'review code security\n'.repeat(500) })],
    [
      'of everything',
      doc('bad:thing', 'Does it all.', {
        body: 'react go rust sql review code security tests docs css '.repeat(80),
      }),
    ],
  ])('%s does not lift a definition over an honest one', async (_, stuffed) => {
    for (const options of [{}, { embedding }]) {
      const index = await buildSearchIndex([stuffed, honest, ...filler], options);
      expect(first(index, { text })).toBe('good:code-reviewer');
    }
  });
});

describe('copies', () => {
  const body =
    'You review code line by line and report what is wrong, with a reason for every finding. '.repeat(5);
  const index = buildSearchIndex([
    doc('b:code-reviewer', 'Reviews code.', { body, precedence: 2 }),
    doc('a:a-code-reviewer', 'Reviews code.', { body: `${body}Be kind.`, precedence: 1 }),
    doc('c:code-reviewer', 'Reviews prose of lawyers.', { body: 'Reads contracts.', precedence: 3 }),
  ]);

  it('are one hit, the one with precedence; namesakes with another text are not copies', async () => {
    const { hits } = (await index).search({ text: 'review code', limit: 5 });
    expect(hits.map(({ id, also }) => [id, also])).toEqual([
      ['a:a-code-reviewer', ['b:code-reviewer']],
      ['c:code-reviewer', []],
    ]);
  });

  it('are answered by themselves where they are named', async () => {
    const { hits } = (await index).search({ text: 'review', among: ['b:code-reviewer'], limit: 5 });
    expect(hits.map(({ id }) => id)).toEqual(['b:code-reviewer']);
  });
});

describe('building', () => {
  it('takes vectors of unchanged definitions from the cache and puts new ones in', async () => {
    const vectors = createRowCache('vectors');
    const cold = await buildSearchIndex(team, { embedding, vectors });
    expect(vectors.size).toBe(team.length);
    let embedded = 0;
    const embed = (text: string) => {
      embedded++;
      return embedding.embed(text);
    };
    const counting = { ...embedding, embed };
    const warm = await buildSearchIndex(team, { embedding: counting, vectors });
    expect(embedded).toBe(0);
    const ask = (index: SearchIndex) => index.search({ text: 'slow query', limit: 3 }).hits;
    expect(ask(warm)).toEqual(ask(cold));
  });

  it('accepts a stream, pauses at every definition and answers an empty catalogue', async () => {
    let pauses = 0;
    async function* stream() {
      yield* team;
    }
    const index = await buildSearchIndex(stream(), { yield: async () => void pauses++ });
    expect(index.size).toBe(team.length);
    expect(pauses).toBeGreaterThanOrEqual(team.length);
    const empty = await buildSearchIndex([]);
    expect(empty.search({ text: 'anything', limit: 5 })).toMatchObject({
      hits: [],
      confidence: 0,
      nearest: [],
    });
  });

  it('leans to the model a task asks for, between equals', async () => {
    const writers = [
      doc('a:writer', 'Writes services, tests and letters.', { model: 'haiku' }),
      doc('b:writer', 'Writes letters, services and tests.', { model: 'opus' }),
    ];
    const index = await buildSearchIndex([...writers, ...team], { embedding });
    expect(first(index, { text: 'write complex services' })).toBe('b:writer');
    expect(first(index, { text: 'write simple services' })).toBe('a:writer');
  });
});
