/**
 * From drafts to a settled catalogue: ids, precedence, namesakes, roles, the agents that workflows name.
 *
 *   drafts in path order → entries (first of an id wins) → names → roles → workflows' agents → revision
 */
import { createHash } from 'node:crypto';
import type { KindName } from '../protocol/entities.ts';
import type { Entry } from './entry.ts';
import type { Fault } from './frontmatter.ts';
import type { Draft } from './kind.ts';
import type { Report, Source } from './layout.ts';
import { type Aliases, createNames, type Names } from './names.ts';
import { settlePlan } from './plan-of-workflow.ts';
import { createRoleTable, type RoleDraft, type RoleTable, settleRole } from './roles.ts';
import { lineAt } from './text.ts';

/** A definition that was read. */
export interface Definition {
  readonly source: Source;
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** Name of the file, or of the skill's folder. */
  readonly fileName: string;
  readonly draft: Draft;
  readonly contentHash: string;
}

export interface Registry {
  readonly root: string;
  readonly file: string;
  readonly text: string;
  readonly roles: readonly RoleDraft[];
}

export interface Assembly {
  readonly entries: Readonly<Record<KindName, readonly Entry[]>>;
  readonly names: Names;
  readonly roles: RoleTable;
  readonly revision: string;
}

/** `definitions` in the order of roots and paths. */
export async function assemble(
  definitions: readonly Definition[],
  registries: readonly Registry[],
  report: Report,
  pause: () => Promise<void>,
): Promise<Assembly> {
  const ranked = rank(definitions);
  await pause();
  const kept = settleIds(ranked, report);
  await pause();
  const agents = kept.filter(({ kind }) => kind === 'agent');
  const aliases = aliasesOf(kept);
  const roughNames = createNames({ agent: agents.map(entryOf), skill: [], workflow: [] }, aliases);
  const roles = createRoleTable(settleRoles(registries, roughNames, report));
  const settled: Entry[] = [];
  for (const item of kept) {
    settled.push(settle(item, roughNames, roles, report));
    await pause();
  }
  const entries = {
    agent: settled.filter(({ kind }) => kind === 'agent'),
    skill: settled.filter(({ kind }) => kind === 'skill'),
    workflow: settled.filter(({ kind }) => kind === 'workflow'),
  };
  return { entries, names: createNames(entries, aliases), roles, revision: revisionOf(settled, roles) };
}

interface Kept extends Definition {
  readonly kind: KindName;
  readonly id: string;
  readonly precedence: number;
}

/** By the scope's rank for the kind, then in the order given. */
function rank(definitions: readonly Definition[]): Definition[] {
  const rankOf = ({ source }: Definition): number => source.kind.precedence.indexOf(source.scope);
  return definitions
    .map((definition, order) => ({ definition, order, rank: rankOf(definition) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ definition }) => definition);
}

function settleIds(ranked: readonly Definition[], report: Report): Kept[] {
  const taken = new Map<string, Definition>();
  const kept: Kept[] = [];
  for (const definition of ranked) {
    const { source, draft } = definition;
    const { kind } = source.kind;
    const id = `${source.plugin?.name ?? source.scope}:${draft.name}`;
    const first = taken.get(`${kind}\0${id}`);
    if (first) {
      // What comes with the program yields without a word.
      if (source.scope !== 'builtin') report(source.root, definition.path, duplicate(kind, id, first));
      continue;
    }
    taken.set(`${kind}\0${id}`, definition);
    kept.push({ ...definition, kind, id, precedence: kept.length });
  }
  return kept;
}

function duplicate(kind: KindName, id: string, first: Definition): Fault {
  return {
    cause: `Another ${kind} already has the id ${id}: ${first.path}. This one was left out.`,
    remedy: 'Give one of them another name.',
  };
}

function entryOf({ id, kind, source, draft, path, contentHash, precedence }: Kept): Entry {
  return {
    id,
    kind,
    name: draft.name,
    ...(source.plugin && { plugin: source.plugin.name }),
    scope: source.scope,
    description: draft.description,
    ...(draft.model !== undefined && { model: draft.model }),
    capabilities: draft.capabilities,
    ...(draft.category !== undefined && { category: draft.category }),
    ...(draft.arguments !== undefined && { arguments: draft.arguments }),
    path,
    root: source.root,
    contentHash,
    precedence,
  };
}

function aliasesOf(kept: readonly Kept[]): Aliases {
  const plugins = new Map<string, string[]>();
  const files = new Map<string, string>();
  for (const { source, fileName, draft, id } of kept) {
    const owner = source.plugin?.name ?? source.scope;
    if (fileName !== draft.name && !files.has(`${owner}:${fileName}`)) files.set(`${owner}:${fileName}`, id);
    for (const alias of source.plugin?.aliases ?? []) {
      const named = plugins.get(alias) ?? [];
      if (!named.includes(owner)) plugins.set(alias, [...named, owner]);
    }
  }
  return { plugins, files };
}

function settleRoles(registries: readonly Registry[], names: Names, report: Report) {
  const drafts = new Map<string, { draft: RoleDraft; registry: Registry }>();
  for (const registry of registries) {
    for (const draft of registry.roles)
      if (!drafts.has(draft.name)) drafts.set(draft.name, { draft, registry });
  }
  return [...drafts.values()].map(({ draft, registry }) =>
    settleRole(draft, (reference) => {
      const { entry, nearest } = names.resolve(reference, 'agent');
      if (!entry) report(registry.root, registry.file, unresolved(reference, registry.text, nearest[0]?.id));
      return entry?.id;
    }),
  );
}

function unresolved(reference: string, text: string, near: string | undefined): Fault {
  return {
    line: lineOf(text, reference),
    cause: `It refers to the agent "${reference}", which does not exist.`,
    remedy:
      near === undefined
        ? 'Correct the reference, or add the agent.'
        : `Correct the reference (the nearest is ${near}), or add the agent.`,
  };
}

/** Where a reference stands as a word of its own. */
function lineOf(text: string, reference: string): number {
  const isPart = /[\w:-]/;
  for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + reference.length] ?? ' '];
    if (!around.some((character) => isPart.test(character))) return lineAt(text, at);
  }
  return lineAt(text, Math.max(0, text.indexOf(reference)));
}

const MOST_TAGS = 16;

function settle(kept: Kept, names: Names, roles: RoleTable, report: Report): Entry {
  const entry = entryOf(kept);
  if (kept.kind === 'agent') return withRoleTags(entry, roles);
  if (kept.kind === 'skill') return entry;
  const { source, path, draft } = kept;
  return {
    ...entry,
    ...settlePlan(draft, source.plugin?.name, names, (fault) => report(source.root, path, fault)),
  };
}

/** What the registry says an agent is for are tags of it, too. */
function withRoleTags(entry: Entry, roles: RoleTable): Entry {
  const tags = roles.all
    .filter(({ primary }) => primary === entry.id)
    .flatMap(({ capabilities }) => capabilities);
  if (tags.length === 0) return entry;
  const capabilities = [...new Set([...tags, ...entry.capabilities])].slice(
    0,
    Math.max(MOST_TAGS, entry.capabilities.length),
  );
  return { ...entry, capabilities };
}

function revisionOf(entries: readonly Entry[], roles: RoleTable): string {
  const hash = createHash('sha256');
  for (const { kind, id, path, contentHash, scope } of entries)
    hash.update(`${kind}\0${id}\0${path}\0${contentHash}\0${scope}\n`);
  hash.update(JSON.stringify(roles.all));
  return hash.digest('hex').slice(0, 16);
}
