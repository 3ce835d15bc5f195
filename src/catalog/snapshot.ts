/**
 * One immutable state of the catalogue: who exists, what they are called, who wins among namesakes.
 *
 *   entries ─► by id, by name, by alias ─► resolve
 *           └► search index per kind ────► search
 *
 * Nothing here changes after it is built; re-indexing builds another one and swaps.
 */
import { join } from 'node:path';
import type { KindName } from '../protocol/entities.ts';
import { CallsheetError } from '../protocol/errors.ts';
import type { SearchAnswer, SearchIndex, SearchQuery } from '../search/engine.ts';
import type { Assembly } from './assemble.ts';
import type { Entry, Problem, Resolution } from './entry.ts';
import { parseFrontmatter } from './frontmatter.ts';
import { isScript } from './kind.ts';
import { createNames } from './names.ts';
import { readText } from './read-text.ts';
import { createRoleTable, type RoleTable } from './roles.ts';
import { readScriptMeta } from './script-meta.ts';
import { clean } from './text.ts';

export type { Entry, Problem, Resolution } from './entry.ts';

/** A definition's file as it is now. */
export interface DefinitionText {
  readonly frontmatter: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Counts {
  readonly agents: number;
  readonly skills: number;
  readonly workflows: number;
  readonly roles: number;
}

export interface Snapshot {
  /** Hash over the contents: equal catalogues have equal revisions, across restarts too. */
  readonly revision: string;
  /** When the reading of the files began, in milliseconds since the epoch; 0 before the first. */
  readonly readAt: number;
  readonly counts: Counts;
  readonly problems: readonly Problem[];
  readonly roles: RoleTable;
  /** In stable order: by precedence. */
  entries(kind: KindName): readonly Entry[];
  /** By exact id; without a kind in the order agent, skill, workflow. */
  get(id: string, kind?: KindName): Entry | undefined;
  /** The engine's index over a kind; undefined while there is nothing of it. */
  index(kind: KindName): SearchIndex | undefined;
  /** Hits carry ids of this kind. */
  search(kind: KindName, query: SearchQuery): SearchAnswer;
  /** By id, by the plugin folder's name instead of the plugin's, or by bare name. */
  resolve(reference: string, kind?: KindName): Resolution;
  /**
   * Reads the entry's file again, with the guards of the scan.
   * @throws CallsheetError `not_found` when the file is gone or can no longer be read as a definition.
   */
  readDefinition(entry: Entry): Promise<DefinitionText>;
}

export interface SnapshotParts extends Assembly {
  readonly readAt: number;
  readonly problems: readonly Problem[];
  readonly indexes: Readonly<Partial<Record<KindName, SearchIndex>>>;
  /** Real paths of the roots: `readDefinition` does not leave them. */
  readonly realRoots: readonly string[];
}

const nothing: SearchAnswer = { hits: [], confidence: 0, searched: 0, nearest: [] };

export function createSnapshot(parts: SnapshotParts): Snapshot {
  const { entries, names, roles, revision, readAt, problems, indexes } = parts;
  return {
    revision,
    readAt,
    problems,
    roles,
    counts: {
      agents: entries.agent.length,
      skills: entries.skill.length,
      workflows: entries.workflow.length,
      roles: roles.all.length,
    },
    entries: (kind) => entries[kind],
    get: names.get,
    index: (kind) => indexes[kind],
    search: (kind, query) => indexes[kind]?.search(query) ?? nothing,
    resolve: names.resolve,
    readDefinition: (entry) => readDefinition(entry, parts.realRoots),
  };
}

/** What there is before the first index is built. */
export function emptySnapshot(): Snapshot {
  const entries = { agent: [], skill: [], workflow: [] };
  const names = createNames(entries, { plugins: new Map(), files: new Map() });
  const roles = createRoleTable([]);
  return createSnapshot({
    entries,
    names,
    roles,
    revision: 'empty',
    readAt: 0,
    problems: [],
    indexes: {},
    realRoots: [],
  });
}

async function readDefinition(entry: Entry, realRoots: readonly string[]): Promise<DefinitionText> {
  const read = await readText(join(entry.root, entry.path), realRoots);
  if (read.text === undefined) {
    throw new CallsheetError(
      'not_found',
      `${entry.id} can no longer be read: ${read.fault.cause} Re-index the catalogue.`,
    );
  }
  if (isScript(entry.path)) return { frontmatter: readScriptMeta(read.text) ?? {}, body: clean(read.text) };
  const { frontmatter, body } = parseFrontmatter(read.text);
  return { frontmatter, body: clean(body.replace(/^\n+/, '')) };
}
