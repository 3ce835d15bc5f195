/**
 * From what people write to the entry they mean.
 *
 *   id → the plugin's other names → the file's name → bare name → the same, case and separators forgiven → nearest
 */
import type { KindName } from '../protocol/entities.ts';
import type { Nearest } from '../protocol/errors.ts';
import { similarity } from '../search/edit-distance.ts';
import type { Entry, Resolution } from './entry.ts';
import { slug } from './text.ts';

/** What `resolve` asks besides the reference. */
export interface Aliases {
  /** Another name of a plugin → the plugins it may be. */
  readonly plugins: ReadonlyMap<string, readonly string[]>;
  /** `plugin:file-name` → id, where a file is not called as its definition. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Names {
  get(id: string, kind?: KindName): Entry | undefined;
  resolve(reference: string, kind?: KindName): Resolution;
  /** As `resolve`, an agent of `plugin` first: how a plugin's own texts mean bare names. */
  agentFor(reference: string, plugin: string | undefined): Entry | undefined;
  /** Plugins that have agents, by every name they go by. */
  readonly plugins: ReadonlySet<string>;
}

export const kindOrder: readonly KindName[] = ['agent', 'skill', 'workflow'];
const MOST_NEAREST = 5;
const NEAR_ENOUGH = 0.4;

type Table = ReadonlyMap<string, readonly Entry[]>;

/** `entries`: by precedence within each kind. */
export function createNames(entries: Readonly<Record<KindName, readonly Entry[]>>, aliases: Aliases): Names {
  const ids: Record<KindName, ReadonlyMap<string, Entry>> = {
    agent: byId(entries.agent),
    skill: byId(entries.skill),
    workflow: byId(entries.workflow),
  };
  // Bare names are asked for less often than ids: one table, by slug.
  const bare: Record<KindName, Table> = {
    agent: bySlug(entries.agent, ids.agent, aliases),
    skill: bySlug(entries.skill, ids.skill, aliases),
    workflow: bySlug(entries.workflow, ids.workflow, aliases),
  };
  const inKind = (reference: string, kind: KindName): readonly Entry[] => {
    for (const id of spellings(reference, aliases)) {
      const entry = ids[kind].get(id);
      if (entry) return [entry];
    }
    const named = bare[kind].get(slug(reference)) ?? [];
    const exact = named.filter(({ name }) => name === reference);
    return exact.length > 0 ? exact : named;
  };
  // Texts say the same words over and over.
  const asked = new Map<string, readonly Entry[]>();
  const agentsCalled = (reference: string): readonly Entry[] => {
    const found = asked.get(reference) ?? inKind(reference, 'agent');
    asked.set(reference, found);
    return found;
  };
  return {
    plugins: new Set([...entries.agent.flatMap(({ plugin }) => plugin ?? []), ...aliases.plugins.keys()]),
    get: (id, kind) => (kind ? [kind] : kindOrder).map((each) => ids[each].get(id)).find((entry) => entry),
    resolve: (reference, kind) => {
      const kinds = kind ? [kind] : kindOrder;
      const [entry, ...also] = kinds.flatMap((each) => inKind(reference, each));
      if (entry) return { entry, also, nearest: [] };
      return {
        also: [],
        nearest: nearestOf(
          reference,
          kinds.flatMap((each) => entries[each]),
        ),
      };
    },
    agentFor: (reference, plugin) => {
      const found = agentsCalled(reference);
      return (
        found.find((entry) => entry.plugin === plugin) ??
        (plugin === undefined
          ? undefined
          : ids.agent.get(aliases.files.get(`${plugin}:${reference}`) ?? '')) ??
        found[0]
      );
    },
  };
}

function byId(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/** By name, for commands in folders by the last part, and by the file's name. */
function bySlug(entries: readonly Entry[], ids: ReadonlyMap<string, Entry>, { files }: Aliases): Table {
  const table = new Map<string, Entry[]>();
  const put = (name: string, entry: Entry): void => {
    const key = slug(name);
    const kept = table.get(key);
    if (!kept) table.set(key, [entry]);
    else if (!kept.includes(entry)) kept.push(entry);
  };
  for (const entry of entries) put(entry.name, entry);
  for (const entry of entries)
    if (entry.name.includes('/')) put(entry.name.slice(entry.name.lastIndexOf('/') + 1), entry);
  for (const [owned, id] of files) {
    const entry = ids.get(id);
    if (entry) put(owned.slice(owned.indexOf(':') + 1), entry);
  }
  return table;
}

/** The ids a reference may stand for, the likeliest first. */
function* spellings(reference: string, { plugins, files }: Aliases): Generator<string> {
  yield reference;
  const file = files.get(reference);
  if (file !== undefined) yield file;
  for (let colon = reference.indexOf(':'); colon > 0; colon = reference.indexOf(':', colon + 1)) {
    for (const plugin of plugins.get(reference.slice(0, colon)) ?? []) {
      const id = `${plugin}${reference.slice(colon)}`;
      yield id;
      const renamed = files.get(id);
      if (renamed !== undefined) yield renamed;
    }
  }
}

function nearestOf(reference: string, entries: readonly Entry[]): Nearest[] {
  const wanted = slug(reference);
  const bareWanted = wanted.slice(wanted.indexOf(':') + 1);
  const scored = entries.map(({ id, name }) => ({
    id,
    name,
    score: Math.max(similarity(bareWanted, slug(name)), similarity(wanted, slug(id))),
  }));
  return scored
    .filter(({ score }) => score >= NEAR_ENOUGH)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_NEAREST);
}
