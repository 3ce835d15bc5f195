/**
 * One immutable state of the catalogue: who exists, what they are called, who wins among namesakes.
 *
 *   entries ─► by id, by name, by alias ─► resolve
 *           └► search index per kind ────► search
 *
 * Nothing here changes after it is built; re-indexing builds another one and swaps.
 */
import type { KindName } from '../protocol/entities.ts';
import type { Nearest } from '../protocol/errors.ts';
import type { SearchAnswer, SearchQuery } from '../search/engine.ts';
import type { Scope, Step } from './kind.ts';
import type { RoleTable } from './roles.ts';

/** One agent, skill or workflow. Its body is not kept: `Snapshot.readDefinition` reads it again. */
export interface Entry {
  /** `plugin:name`, `plugin:sub/name`, `project:name` or `user:name`. */
  readonly id: string;
  readonly kind: KindName;
  readonly name: string;
  /** Absent outside plugins. */
  readonly plugin?: string;
  readonly scope: Scope;
  readonly description: string;
  readonly model?: string;
  /** Agents: capability tags. Skills: keywords. Workflows: tags for searching. */
  readonly capabilities: readonly string[];
  /** Skills. */
  readonly category?: string;
  /** Workflows: the argument hint. */
  readonly arguments?: string;
  /** Workflows: titles of the steps in order; `plan` has the same steps with their agents. */
  readonly steps?: readonly string[];
  /** Workflows: ids of the agents named, in order of first mention. */
  readonly agents?: readonly string[];
  /** Workflows: the steps with the agents each of them names. */
  readonly plan?: readonly Step[];
  /** Of the file, relative to `root`, with `/`. */
  readonly path: string;
  /** Absolute path of the root it was found under. Never leaves the process. */
  readonly root: string;
  /** Hash of the file's bytes. */
  readonly contentHash: string;
  /** Lower wins among namesakes; unique within a kind. */
  readonly precedence: number;
}

/** Something about a file its owner should know; one for each file and cause. */
export interface Problem {
  /** Relative to `root`, with `/`. */
  readonly file: string;
  /** Absolute path of the root. */
  readonly root: string;
  /** First line is 1. */
  readonly line?: number;
  readonly cause: string;
  readonly remedy: string;
}

/** What a reference leads to. */
export interface Resolution {
  readonly entry?: Entry;
  /** Other entries the reference fits, those with precedence first. */
  readonly also: readonly Entry[];
  /** Where nothing fits: what is near, best first. */
  readonly nearest: readonly Nearest[];
}

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
  readonly counts: Counts;
  readonly problems: readonly Problem[];
  readonly roles: RoleTable;
  /** In stable order: by precedence. */
  entries(kind: KindName): readonly Entry[];
  /** By exact id; without a kind in the order agent, skill, workflow. */
  get(id: string, kind?: KindName): Entry | undefined;
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
