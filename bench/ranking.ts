/**
 * How well the engine ranks: `npm run bench:ranking` (`--json` for machines, `--starter` for the project's own set).
 *
 * Over ../shared/relevance, and where that is absent over a small labelled set of the starter catalogue.
 */
import { join, resolve } from 'node:path';
import { buildSearchIndex, type SearchIndex } from '../src/search/engine.ts';
import { openEmbedding } from '../src/search/model-file.ts';
import type { Embedding } from '../src/search/semantic.ts';
import { auroc, calibrationError, mean, ndcg, recall } from './metrics.ts';
import {
  ANSWER,
  hasAlternatives,
  type LabelledQuery,
  type LabelledSet,
  loadSets,
  loadStarter,
  shared,
  withAlternatives,
} from './relevance.ts';

/** Hits asked for: enough to fill ten places after namesakes are counted as one. */
const LIMIT = 20;

interface Outcome {
  readonly style: string;
  readonly answerable: boolean;
  readonly ndcg: number;
  readonly hit: number;
  readonly recall: number;
  readonly confidence: number;
  readonly milliseconds: number;
}

async function main(): Promise<void> {
  const labelled = process.argv.includes('--starter') ? [] : loadSets();
  const sets = labelled.length > 0 ? labelled : loadStarter(resolve(import.meta.dirname, '..'));
  const embedding = process.argv.includes('--lexical')
    ? undefined
    : openEmbedding(join(import.meta.dirname, '../model'));
  const measured: Measured[] = [];
  for (const set of sets) measured.push(await measure(set, embedding));
  const softer: Measured[] = [];
  for (const set of sets.filter(hasAlternatives))
    softer.push(await measure(withAlternatives(set), embedding));
  const report = reportOf(measured, softer);
  if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else
    print(
      report,
      labelled.length > 0 ? `labelled sets of ${join(shared, 'relevance')}` : 'starter catalogue',
    );
}

interface Measured {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

async function measure(set: LabelledSet, embedding: Embedding | undefined): Promise<Measured> {
  const index = await buildSearchIndex(set.documents, { ...(embedding && { embedding }) });
  const nameOf = new Map(set.documents.map(({ id, name }) => [id, name]));
  const familyOf = (id: string): string => set.familyOf(nameOf.get(id) ?? id, id);
  return { name: set.name, outcomes: set.queries.map((query) => ask(index, query, familyOf)) };
}

function ask(index: SearchIndex, query: LabelledQuery, familyOf: (id: string) => string): Outcome {
  const started = performance.now();
  const { hits, confidence } = index.search({ text: query.text, limit: LIMIT });
  const milliseconds = performance.now() - started;
  const countsAs = (name: string): string => (query.alternatives?.has(name) ? ANSWER : name);
  const ranked = [...new Set(hits.map(({ id }) => countsAs(familyOf(id))))];
  return {
    style: query.style,
    answerable: query.relevant.size > 0,
    ndcg: ndcg(ranked, query.relevant),
    hit: query.relevant.get(ranked[0]) === 2 ? 1 : 0,
    recall: recall(ranked, query.relevant),
    confidence,
    milliseconds,
  };
}

interface Row {
  readonly name: string;
  readonly queries: number;
  readonly ndcg: number;
  readonly hit: number;
  readonly recall: number;
  /** Absent without queries nothing fits. */
  readonly auroc?: number;
  readonly calibration: number;
  readonly p50: number;
}

interface Report {
  readonly sets: readonly Row[];
  readonly styles: readonly Row[];
}

/** @param softer sets measured once more in another way, which count once in the sum */
function reportOf(measured: readonly Measured[], softer: readonly Measured[]): Report {
  const rosters = measured.filter(({ name }) => name.startsWith('rosters/'));
  const pooled = rosters.flatMap(({ outcomes }) => outcomes);
  const styles = [...new Set(pooled.map(({ style }) => style))];
  return {
    sets: [
      ...(rosters.length > 0
        ? [
            macroRow(
              'rosters',
              rosters.map(({ outcomes }) => outcomes),
              pooled,
            ),
          ]
        : []),
      ...[...measured, ...softer].map(({ name, outcomes }) => rowOf(name, outcomes)),
      rowOf(
        'all',
        measured.flatMap(({ outcomes }) => outcomes),
      ),
    ],
    styles: styles.map((style) =>
      rowOf(
        style,
        pooled.filter((outcome) => outcome.style === style),
      ),
    ),
  };
}

/** Ranking as the mean of the sets, whatever their size; confidence over all their queries. */
function macroRow(name: string, sets: readonly (readonly Outcome[])[], pooled: readonly Outcome[]): Row {
  const rows = sets.map((outcomes) => rowOf('', outcomes));
  return {
    ...rowOf(name, pooled),
    ndcg: mean(rows.map((row) => row.ndcg)),
    hit: mean(rows.map((row) => row.hit)),
    recall: mean(rows.map((row) => row.recall)),
  };
}

function rowOf(name: string, outcomes: readonly Outcome[]): Row {
  const answerable = outcomes.filter((outcome) => outcome.answerable);
  const separation = auroc(outcomes.map((o) => ({ value: o.confidence, positive: o.answerable })));
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    name,
    queries: outcomes.length,
    ndcg: mean(answerable.map((o) => o.ndcg)),
    hit: mean(answerable.map((o) => o.hit)),
    recall: mean(answerable.map((o) => o.recall)),
    ...(!Number.isNaN(separation) && { auroc: separation }),
    calibration: calibrationError(outcomes.map((o) => ({ value: o.confidence, positive: o.hit === 1 }))),
    p50: times[times.length >> 1],
  };
}

function print({ sets, styles }: Report, source: string): void {
  const line = (...cells: string[]): string =>
    cells[0].padEnd(34) +
    cells
      .slice(1)
      .map((c) => c.padStart(10))
      .join('');
  const percent = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '–' : (100 * value).toFixed(1);
  const fixed = (value: number | undefined): string => value?.toFixed(3) ?? '–';
  const row = (r: Row): string =>
    line(
      r.name,
      `${r.queries}`,
      percent(r.ndcg),
      percent(r.hit),
      percent(r.recall),
      fixed(r.auroc),
      fixed(r.calibration),
      fixed(r.p50),
    );
  console.log(`Over the ${source}; rosters: macro mean of its sets, × 100.\n`);
  console.log(line('set', 'queries', 'nDCG@10', 'hit@1', 'recall@5', 'AUROC', 'cal.error', 'p50 ms'));
  for (const r of sets) console.log(row(r));
  if (styles.length === 0) return;
  console.log(
    `\n${line('rosters, by style', 'queries', 'nDCG@10', 'hit@1', 'recall@5', 'AUROC', 'cal.error', 'p50 ms')}`,
  );
  for (const r of styles) console.log(row(r));
}

await main();
