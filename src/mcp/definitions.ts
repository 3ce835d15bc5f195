/**
 * What the door lists beside answering questions: the catalogue as a port, handed in by the composition root.
 *
 * Everything here is somebody else's text. Paths are relative to a skill's folder; nothing outside of it is read.
 */
import type { KindName } from '../protocol/entities.ts';

/** One definition as lists name it. */
export interface Listed {
  /** `plugin:name`, `plugin:sub/name`, `project:name`, `user:name`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Workflows: the argument hint. */
  readonly arguments?: string;
}

export interface FolderItem {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

export interface Definitions {
  /** Changes with the catalogue and with nothing else. */
  revision(): string;
  list(kind: KindName): readonly Listed[];
  get(kind: KindName, id: string): Listed | undefined;
  /** The head of a skill's file as written; undefined where there is no such skill, or its file is gone. */
  skillHead(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** @param path inside the skill's folder, `SKILL.md` for its definition; undefined where nothing is served */
  readSkillFile(id: string, path: string): Promise<Uint8Array | undefined>;
  /** Direct children of a folder of the skill, `''` for the skill itself; undefined where that is no folder. */
  listSkillFolder(id: string, path: string): Promise<readonly FolderItem[] | undefined>;
  /** Called after the catalogue changed; gives back what unsubscribes. */
  onChange(listener: () => void): () => void;
}
