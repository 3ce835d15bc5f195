/**
 * Fits the slope and bias of `confidence` (src/search/calibration.ts): `npm run bench:calibration`.
 *
 *   evidence of every labelled query → one number → logistic fit to "the right one came first"
 *
 * Each set weighs the same whatever its size, the two collections of `rosters` half more, for they are what the
 * engine is for. Prints the fit over all sets and, for each set, what the others alone would have given it.
 */
import { join } from 'node:path';
import { type Evidence, weigh } from '../src/search/calibration.ts';
import { buildSearchIndex } from '../src/search/engine.ts';
import { openEmbedding } from '../src/search/model-file.ts';
import { auroc, calibrationError } from './metrics.ts';
import { loadSets } from './relevance.ts';

interface Case {
  /** `rosters/wshobson`, `bfcl` … */
  readonly group: string;
  readonly evidence: number;
  readonly right: boolean;
  readonly answerable: boolean;
}

interface Fit {
  readonly slope: number;
  readonly bias: number;
}

async function main(): Promise<void> {
  const cases = await collect();
  const groups = [...new Set(cases.map(({ group }) => group))];
  const all = fitLogistic(cases);
  console.log(`slope ${all.slope.toFixed(2)}  bias ${all.bias.toFixed(2)}  (all sets)`);
  console.log(
    `${'set'.padEnd(24)}${'cal.error'.padStart(10)}${'held out'.padStart(10)}${'AUROC'.padStart(8)}`,
  );
  for (const group of groups) {
    const inside = cases.filter((each) => each.group === group);
    const held = fitLogistic(cases.filter((each) => each.group !== group));
    const error = (by: Fit): string =>
      calibrationError(inside.map(judged(by)))
        .toFixed(3)
        .padStart(10);
    const separation = auroc(inside.map((each) => ({ value: each.evidence, positive: each.answerable })));
    const shown = Number.isNaN(separation) ? '–' : separation.toFixed(3);
    console.log(`${group.padEnd(24)}${error(all)}${error(held)}${shown.padStart(8)}`);
  }
}

async function collect(): Promise<Case[]> {
  const embedding = openEmbedding(join(import.meta.dirname, '../model'));
  const cases: Case[] = [];
  for (const set of loadSets()) {
    let seen: Evidence | undefined;
    const observe = (evidence: Evidence): void => {
      seen = evidence;
    };
    const index = await buildSearchIndex(set.documents, { ...(embedding && { embedding }), observe });
    const names = new Map(set.documents.map(({ id, name }) => [id, name]));
    for (const { text, relevant } of set.queries) {
      const [first] = index.search({ text, limit: 1 }).hits;
      const family = first && set.familyOf(names.get(first.id) ?? first.id);
      const right = family !== undefined && relevant.get(family) === 2;
      const group = set.name.split('/').slice(0, 2).join('/');
      if (seen) cases.push({ group, evidence: weigh(seen), right, answerable: relevant.size > 0 });
    }
  }
  return cases;
}

function judged({ slope, bias }: Fit): (each: Case) => { value: number; positive: boolean } {
  return ({ evidence, right }) => ({ value: sigmoid(slope * evidence + bias), positive: right });
}

/** Newton's method for the two parameters of a weighted logistic regression. */
function fitLogistic(cases: readonly Case[]): Fit {
  const sizes = new Map<string, number>();
  for (const { group } of cases) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const weightOf = (group: string): number =>
    (group.startsWith('rosters/') ? 1.5 : 1) / (sizes.get(group) ?? 1);
  let [slope, bias] = [0, 0];
  for (let step = 0; step < 25; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const { group, evidence, right } of cases) {
      const p = sigmoid(slope * evidence + bias);
      const error = weightOf(group) * (p - (right ? 1 : 0));
      const curve = weightOf(group) * p * (1 - p);
      g0 += error;
      g1 += error * evidence;
      h00 += curve;
      h01 += curve * evidence;
      h11 += curve * evidence * evidence;
    }
    const determinant = h00 * h11 - h01 * h01;
    bias -= (h11 * g0 - h01 * g1) / determinant;
    slope -= (h00 * g1 - h01 * g0) / determinant;
  }
  return { slope, bias };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

await main();
