/**
 * Agents, skills and workflows are three kinds of one thing: a file that defines something an orchestrator can
 * use. A `Kind` is data: which files are its definitions, and how a parsed file becomes the fields of an entry.
 */
import type { KindName } from '../protocol/entities.ts';
import type { Frontmatter } from './frontmatter.ts';

/** Whose a definition is; decides ids and precedence. `builtin`: a catalogue shipped with the program. */
export type Scope = 'project' | 'user' | 'plugin' | 'builtin';

/** One step of a workflow, in the order of its text. */
export interface Step {
  readonly title: string;
  /** Ids of agents this step names, in order of first mention. */
  readonly agents: readonly string[];
  /** The text says that this step's work runs at the same time. */
  readonly parallel: boolean;
}

/**
 * A reference to an agent as a workflow writes it, before it is known what it refers to. A bare text is a guess: a
 * word that may be an agent's name.
 */
export type Mention = string | CertainMention;

/** Written as an agent: `subagent_type: "plugin:name"`. */
export interface CertainMention {
  readonly agent: string;
  /** Of the file; known where it may have to be reported. */
  readonly line?: number;
}

export interface StepDraft {
  readonly title: string;
  readonly mentions: readonly Mention[];
  readonly parallel: boolean;
}

/** What a file says about itself, before ids and references are settled. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly model?: string;
  /** Tags: what the file gives, at most 32, else a dozen that are derived. */
  readonly capabilities: readonly string[];
  readonly category?: string;
  readonly arguments?: string;
  readonly steps?: readonly StepDraft[];
  /** Workflows: what the whole text refers to, in order of first mention. */
  readonly mentions?: readonly Mention[];
}

/** A definition's text, read and split. */
export interface SourceText {
  /** Path inside the folder of its kind, with `/`: `sub/name.md`, `my-skill/SKILL.md`. */
  readonly within: string;
  readonly frontmatter: Frontmatter;
  readonly body: string;
  /** Line of the file on which the body starts. */
  readonly bodyLine: number;
}

export interface Kind {
  readonly kind: KindName;
  /** Folder inside a plugin or a scope, such as `agents`. */
  readonly folders: readonly string[];
  /** Whether a file at this path inside the folder may be a definition; its content has the last word. */
  readonly accepts: (within: string) => boolean;
  /** Names of files that make their folder one definition, whose other files are its own. */
  readonly unit?: (name: string) => boolean;
  /** Undefined: the file is no definition (a README among agents). */
  readonly toDraft: (file: SourceText) => Draft | undefined;
  /** Scopes, the one that wins first. */
  readonly precedence: readonly Scope[];
}

/** Workflow scripts are read as text, without a head; nothing of them is ever run. */
export function isScript(path: string): boolean {
  return /\.m?js$/i.test(path);
}
