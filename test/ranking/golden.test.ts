/**
 * What the starter catalogue answers to each labelled query, kept as text: a change of ranking is a readable diff.
 *
 *   golden/agent-<style>.txt, skill.txt, workflow.txt
 *                          each query with its five first hits (`++` right, ` +` acceptable), score and reason
 *   golden/aggregate.txt   the measures over all of them
 *
 * `UPDATE_GOLDEN=1 npx vitest run test/ranking` rewrites the files. Read the diff before you commit it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auroc, calibrationError, mean, ndcg, recall } from '../../bench/metrics.ts';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import type { SearchAnswer } from '../../src/search/engine.ts';
import { format } from '../../src/search/explanation.ts';
import { gradesOf, indexStarter, type LabelledQuery, readQueries } from './starter-catalogue.ts';

const folder = join(import.meta.dirname, 'golden');
const update = process.env.UPDATE_GOLDEN === '1';
const queries = readQueries();
const groups = groupBy(({ kind, style }) => (kind === 'agent' ? `${kind}-${style}` : kind));

let snapshot: Snapshot;
let copy: string;
const answers = new Map<string, SearchAnswer>();

beforeAll(async () => {
  ({ snapshot, copy } = await indexStarter());
  for (const { id, kind, query } of queries)
    answers.set(id, snapshot.search(kind, { text: query, limit: 10 }));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the ranking of the starter catalogue', () => {
  it.each([...groups])('is as recorded for %s', (name, group) => {
    compare(`${name}.txt`, group.map(render).join('\n'));
  });

  it('has the measures recorded', () => {
    compare('aggregate.txt', renderAggregate());
  });

  it('has no record of a group that is gone', () => {
    const known = new Set(['aggregate.txt', ...[...groups.keys()].map((name) => `${name}.txt`)]);
    expect(readdirSync(folder).filter((file) => !known.has(file))).toEqual([]);
  });
});

function groupBy(keyOf: (query: LabelledQuery) => string): Map<string, LabelledQuery[]> {
  const grouped = new Map<string, LabelledQuery[]>();
  for (const query of queries) grouped.set(keyOf(query), [...(grouped.get(keyOf(query)) ?? []), query]);
  return grouped;
}

function compare(file: string, text: string): void {
  const path = join(folder, file);
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no record yet').toBe(text);
}

function answerTo({ id }: LabelledQuery): SearchAnswer {
  const answer = answers.get(id);
  if (!answer) throw new Error(`no answer to ${id}`);
  return answer;
}

function render(query: LabelledQuery): string {
  const { hits, confidence } = answerTo(query);
  const grades = gradesOf(query, snapshot);
  const lines = hits.slice(0, 5).map(({ id, score, explanation }) => {
    const mark = ['', ' +', '++'][grades.get(id) ?? 0].padEnd(2);
    return `  ${score.toFixed(2)} ${mark} ${id.padEnd(36)} ${format(explanation)}`;
  });
  return `${query.id}: ${query.query}\n  confidence ${confidence.toFixed(2)}\n${lines.join('\n')}\n`;
}

function renderAggregate(): string {
  const sorted = new Map([...groups].filter(([name]) => name !== 'agent-none'));
  const kinds = groupBy(({ kind }) => kind);
  const rows = [...new Map([...sorted, ...kinds, ['all', queries]])].map(([name, group]) => row(name, group));
  return `${['group             queries  hit@1  nDCG@10  recall@5', ...rows].join('\n')}\n\n${renderConfidence()}\n`;
}

function row(name: string, group: readonly LabelledQuery[]): string {
  const measured = group
    .map((query) => ({ ranked: answerTo(query).hits.map(({ id }) => id), grades: gradesOf(query, snapshot) }))
    .filter(({ grades }) => grades.size > 0);
  const cells = [
    mean(measured.map(({ ranked, grades }) => (grades.get(ranked[0]) === 2 ? 1 : 0))),
    mean(measured.map(({ ranked, grades }) => ndcg(ranked, grades))),
    mean(measured.map(({ ranked, grades }) => recall(ranked, grades))),
  ].map((value, i) => (100 * value).toFixed(1).padStart([7, 9, 10][i]));
  return `${name.padEnd(18)}${`${measured.length}`.padStart(7)}${cells.join('')}`;
}

/** Whether confidence tells what can be answered from what cannot, and is as often right as it says. */
function renderConfidence(): string {
  const judged = queries.map((query) => {
    const { hits, confidence } = answerTo(query);
    const grades = gradesOf(query, snapshot);
    return { confidence, answerable: grades.size > 0, right: grades.get(hits[0]?.id) === 2 };
  });
  const separation = auroc(judged.map((j) => ({ value: j.confidence, positive: j.answerable })));
  const error = calibrationError(judged.map((j) => ({ value: j.confidence, positive: j.right })));
  return `confidence: AUROC ${separation.toFixed(2)}, calibration error ${error.toFixed(2)}`;
}
