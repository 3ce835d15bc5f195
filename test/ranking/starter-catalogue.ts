/** The starter catalogue as it ships, indexed with the shipped model, and the labelled queries over it. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createIndexer } from '../../src/catalog/indexer.ts';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import type { KindName } from '../../src/protocol/entities.ts';
import { openEmbedding } from '../../src/search/model-file.ts';

export const project = resolve(import.meta.dirname, '../..');

/** A question with what answers it: names, or ids where two plugins share a name → 2 right, 1 acceptable. */
export interface LabelledQuery {
  readonly id: string;
  readonly kind: KindName;
  readonly query: string;
  readonly style: string;
  readonly relevant: Readonly<Record<string, number>>;
}

/**
 * Indexes a copy below the temporary directory, so that a `.claude` folder of the checkout has no say.
 * @returns the snapshot, and the copy for the caller to remove
 */
export async function indexStarter(): Promise<{ readonly snapshot: Snapshot; readonly copy: string }> {
  const copy = mkdtempSync(join(tmpdir(), 'callsheet-starter-'));
  for (const part of ['plugins', '.claude-plugin', 'agent-registry.yml'])
    cpSync(join(project, part), join(copy, part), { recursive: true });
  const embedding = openEmbedding(join(project, 'model'));
  if (!embedding) throw new Error('the project ships a model; it is not there');
  const roots = [{ path: copy, scope: 'builtin' as const }];
  const indexer = createIndexer({ roots, embedding, clock: () => performance.now() });
  await indexer.reindex();
  return { snapshot: indexer.current(), copy };
}

export function readQueries(): LabelledQuery[] {
  const text = readFileSync(join(import.meta.dirname, 'starter.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LabelledQuery);
}

/** Id → grade. Labels that name nothing are left out; a test of the labels finds them. */
export function gradesOf(query: LabelledQuery, snapshot: Snapshot): Map<string, number> {
  const grades = new Map<string, number>();
  for (const [name, grade] of Object.entries(query.relevant)) {
    const { entry } = snapshot.resolve(name, query.kind);
    if (entry) grades.set(entry.id, grade);
  }
  return grades;
}
