/** What a catalogue holds and what it answers about names: data only. */
import type { KindName } from '../protocol/entities.ts';
import type { Nearest } from '../protocol/errors.ts';
import type { Scope, Step } from './kind.ts';

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
