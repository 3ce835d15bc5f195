/** Roles: the registry's names for who does a kind of work, first choice and stand-ins. */
import type { Nearest } from '../protocol/errors.ts';

export interface Role {
  readonly name: string;
  /** Ids of agents that exist, the primary first, then the fallbacks in order. */
  readonly agents: readonly string[];
  /** Id of the primary, where it exists. */
  readonly primary?: string;
  /** Ids of the fallbacks that exist. */
  readonly fallbacks: readonly string[];
  readonly capabilities: readonly string[];
  readonly model?: string;
  readonly useWhen?: string;
}

export interface RoleTable {
  readonly all: readonly Role[];
  /** Exact name first; case, `-` and spaces are forgiven. */
  get(name: string): Role | undefined;
  /** Names like this one, best first; `id` and `name` are both the role's name. */
  nearest(name: string): readonly Nearest[];
  /** The first role whose primary is this agent. */
  ofAgent(id: string): Role | undefined;
}
