/**
 * Roles: the registry's names for who does a kind of work, first choice and stand-ins.
 *
 *   agent-registry.yml → drafts → (agents are known) → table
 */
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { limits } from '../protocol/entities.ts';
import type { Nearest } from '../protocol/errors.ts';
import { similarity } from '../search/edit-distance.ts';
import { listField, textField } from './fields.ts';
import { type Fault, type Frontmatter, jsonRecord } from './frontmatter.ts';
import { caps, clean, cleanLine, slug } from './text.ts';

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

/** A role as its registry writes it. */
export interface RoleDraft {
  readonly name: string;
  readonly primary: string;
  readonly fallbacks: readonly string[];
  readonly capabilities: readonly string[];
  readonly model: string;
  readonly useWhen: string;
}

export interface RegistryText {
  readonly roles: readonly RoleDraft[];
  readonly faults: readonly Fault[];
}

const MOST_ROLES = 1000;
const LONGEST_REFERENCE = limits.name;

/** Reads a registry's text. Never throws. */
export function parseRegistry(text: string): RegistryText {
  try {
    const value = load(text, { schema: CORE_SCHEMA });
    const top = typeof value === 'object' && value !== null ? jsonRecord(value) : {};
    const listed = isFields(top.roles) ? top.roles : top.roles === undefined ? sections(top) : {};
    return { roles: Object.entries(listed).slice(0, MOST_ROLES).flatMap(roleOf), faults: [] };
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const reason = error instanceof YAMLException ? `: ${clean(error.reason)}` : '';
    const fault = {
      cause: `The registry is not valid YAML${reason}.`,
      remedy: 'Mend it; until then its roles are not known.',
    };
    return { roles: [], faults: [mark ? { line: mark.line + 1, ...fault } : fault] };
  }
}

/** Without `roles:` every section is a role; a version or a title is none. */
function sections(top: Frontmatter): Frontmatter {
  return Object.fromEntries(Object.entries(top).filter(([, value]) => isFields(value)));
}

function roleOf([written, value]: [string, unknown]): RoleDraft[] {
  const name = cleanLine(written, limits.role);
  const fields =
    typeof value === 'string' ? { primary: value } : Array.isArray(value) ? { fallbacks: value } : value;
  if (!isFields(fields) || name === '') return [];
  const primary =
    textField(fields, 'primary', LONGEST_REFERENCE) || textField(fields, 'agent', LONGEST_REFERENCE);
  const fallbacks = listField(fields, ['fallbacks', 'fallback', 'agents'], LONGEST_REFERENCE);
  if (primary === '' && fallbacks.length === 0) return [];
  return [
    {
      name,
      primary,
      fallbacks: fallbacks.filter((reference) => reference !== primary),
      capabilities: listField(fields, ['capabilities', 'tags']),
      model: textField(fields, 'model', caps.model),
      useWhen:
        textField(fields, 'use_when', caps.argument) || textField(fields, 'description', caps.argument),
    },
  ];
}

function isFields(value: unknown): value is Frontmatter {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Settles a draft's references; `resolve` gives an agent's id or reports why there is none. */
export function settleRole(draft: RoleDraft, resolve: (reference: string) => string | undefined): Role {
  const primary = draft.primary === '' ? undefined : resolve(draft.primary);
  const settled = draft.fallbacks.map(resolve).filter((id) => id !== undefined && id !== primary);
  const fallbacks = [...new Set(settled)].filter((id) => id !== undefined);
  return {
    name: draft.name,
    agents: primary === undefined ? fallbacks : [primary, ...fallbacks],
    ...(primary !== undefined && { primary }),
    fallbacks,
    capabilities: draft.capabilities,
    ...(draft.model !== '' && { model: draft.model }),
    ...(draft.useWhen !== '' && { useWhen: draft.useWhen }),
  };
}

const MOST_NEAREST = 5;

export function createRoleTable(roles: readonly Role[]): RoleTable {
  const byName = new Map(roles.map((role) => [role.name, role]));
  const bySlug = new Map([...roles].reverse().map((role) => [slug(role.name), role]));
  const byPrimary = new Map([...roles].reverse().map((role) => [role.primary, role]));
  return {
    all: roles,
    get: (name) => byName.get(name) ?? bySlug.get(slug(name)),
    nearest: (name) =>
      roles
        .map((role) => ({ id: role.name, name: role.name, score: similarity(slug(name), slug(role.name)) }))
        .filter(({ score }) => score > 0.3)
        .sort((a, b) => b.score - a.score)
        .slice(0, MOST_NEAREST),
    ofAgent: (id) => byPrimary.get(id),
  };
}
