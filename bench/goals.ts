/** The labelled goals of ../shared/relevance/goals, and a catalogue of its agents. Input of benchmarks only. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CatalogueEntry, PatternCatalogue } from '../src/patterns/ports.ts';
import { buildSearchIndex, type SearchIndex } from '../src/search/engine.ts';
import { openEmbedding } from '../src/search/model-file.ts';
import type { Embedding } from '../src/search/semantic.ts';
import { shared } from './relevance.ts';

export const goalsFolder = join(shared, 'relevance/goals');

export interface GoalPair {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  /** Whether one team and plan serve both. */
  readonly same: boolean;
  readonly kind: string;
  readonly area: string;
}

export interface StoredGoal {
  readonly pattern_id: string;
  readonly goal: string;
}

export interface GoalSearch {
  readonly id: string;
  readonly query: string;
  /** Stored goals that answer it; empty where none does. */
  readonly relevant: readonly string[];
}

/** Whether the labelled data is there. */
export function goalsPresent(): boolean {
  return existsSync(join(goalsFolder, 'pairs.jsonl'));
}

export const loadPairs = (): GoalPair[] => readLines('pairs.jsonl');
export const loadLibrary = (): StoredGoal[] => readLines('library.jsonl');
export const loadSearches = (): GoalSearch[] => readLines('search.jsonl');

function readLines<T>(file: string): T[] {
  return readFileSync(join(goalsFolder, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export function loadJson(file: string): unknown {
  return JSON.parse(readFileSync(join(goalsFolder, file), 'utf8'));
}

export interface BenchCatalogue {
  readonly catalogue: PatternCatalogue;
  readonly index: SearchIndex;
  readonly embedding: Embedding;
}

/** The 74 agents, known by name and description alone. */
export async function openBenchCatalogue(): Promise<BenchCatalogue> {
  const embedding = openEmbedding(resolve(import.meta.dirname, '../model'));
  if (!embedding) throw new Error('model/ holds no embedding');
  embedding.hold();
  const agents = loadJson('catalogue.json') as { name: string; description: string }[];
  const entries: CatalogueEntry[] = agents.map(({ name, description }) => ({
    id: name,
    name,
    description,
    contentHash: createHash('sha256').update(`${name}\n${description}`).digest('hex').slice(0, 32),
  }));
  const documents = entries.map((entry, precedence) => ({
    ...entry,
    plugin: 'bench',
    capabilities: [],
    body: '',
    precedence,
  }));
  const index = await buildSearchIndex(documents, { embedding });
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const catalogue: PatternCatalogue = {
    revision: 'bench',
    entries: (kind) => (kind === 'agent' ? entries : []),
    index: (kind) => (kind === 'agent' ? index : undefined),
    resolve: (reference) => ({ entry: byName.get(reference), nearest: [] }),
  };
  return { catalogue, index, embedding };
}
