/** Where definitions lie, as data: roots, the sources found in them, whose they are. */
import type { Fault } from './frontmatter.ts';
import type { Kind, Scope } from './kind.ts';

/**
 * One place to index. `project`: a repository (its plugins, its `.claude`, bare folders); `user`: a `.claude`
 * folder of a person with installed plugins; `builtin`: a repository shipped with the program, which loses
 * against everything else.
 */
export interface Root {
  readonly path: string;
  readonly scope: 'project' | 'user' | 'builtin';
}

/** A folder, or a single file, with definitions of one kind. */
export interface Source {
  readonly kind: Kind;
  readonly root: string;
  /** Absolute. */
  readonly path: string;
  /** The same with links resolved, where that is known already. */
  readonly real?: string;
  readonly scope: Scope;
  readonly plugin?: PluginName;
}

export interface PluginName {
  /** What ids are made of. */
  readonly name: string;
  /** Other names people use for it: its folder's, the marketplace's. */
  readonly aliases: readonly string[];
}

/** What was found out about the roots before any definition is read. */
export interface Layout {
  readonly sources: readonly Source[];
  /** Registry files, in order of precedence; they need not exist. */
  readonly registries: readonly { readonly root: string; readonly path: string }[];
  /** Real paths of the roots: nothing outside is followed. */
  readonly realRoots: readonly string[];
  /** Folders that hold definitions' folders or manifests; they need not exist. */
  readonly bases: readonly string[];
  /** Folders each of whose folders may be a plugin, or lead to one; they need not exist. */
  readonly shelves: readonly string[];
}

/** Takes note of a fault; `file` is relative to `root`, with `/`. */
export type Report = (root: string, file: string, fault: Fault) => void;

/** What the survey of one root needs to know of the whole. */
export interface Survey {
  readonly realRoots: readonly string[];
  /** As `Report`, with an absolute path. */
  readonly report: Report;
  /** Lets others run, called often. */
  readonly pause: () => Promise<void>;
  /** Folders that were looked through. */
  readonly bases: Set<string>;
  readonly shelves: Set<string>;
  /** `plugin@marketplace` → on or off; undefined where no settings say anything. */
  readonly enabled: ReadonlyMap<string, boolean> | undefined;
}
