/**
 * The folders of one plugin.
 *
 *   plugin.json, or else its entry in marketplace.json ─► paths it names: agents and commands instead of the default
 *                                                         folders, skills beside them
 */
import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { agents } from './agents.ts';
import { childrenOf, type Folder, realOf } from './folders.ts';
import type { Fault } from './frontmatter.ts';
import { below } from './inside.ts';
import type { Kind, Scope } from './kind.ts';
import type { PluginName, Source, Survey } from './layout.ts';
import { type MarketplaceEntry, type PluginManifest, readPluginManifest } from './manifests.ts';
import { skills } from './skills.ts';
import { caps, cleanLine, lineAt } from './text.ts';
import { commands, scripts } from './workflows.ts';

export const manifestPath = join('.claude-plugin', 'plugin.json');

export interface PluginPlace {
  readonly root: string;
  readonly folder: Folder;
  readonly scope: Scope;
  /** Entries of the root's marketplace.json for this folder. */
  readonly listed: readonly MarketplaceEntry[];
  /** Name of an installed plugin, whose folder is called by its version. */
  readonly installedAs?: string;
}

/** A plugin whose name is known. */
interface Component {
  readonly plugin: PluginName;
  readonly manifest: PluginManifest;
  /** Whether it has the default folders; of several plugins in one folder only what they list is theirs. */
  readonly hasDefaults: boolean;
}

/** Where a component's paths are written. */
interface Origin {
  /** Absolute. */
  readonly file: string;
  /** '' where it is not at hand. */
  readonly text: string;
}

export async function pluginSources(place: PluginPlace, survey: Survey): Promise<Source[]> {
  const children = childrenOf(place.folder.path);
  await survey.pause();
  survey.bases.add(place.folder.path).add(join(place.folder.path, '.claude-plugin'));
  const file = join(place.folder.path, manifestPath);
  const holder = children.get('.claude-plugin');
  const {
    value: manifest,
    fault,
    text = '',
  } = holder ? await readPluginManifest(file, survey.realRoots, realFile(place, holder)) : {};
  if (fault) survey.report(place.root, file, fault);
  const origin = { file: manifest ? file : marketplacePath(place), text };
  const components = componentsOf(place, manifest);
  const parts = components.map((component) => componentSources(place, children, component, origin, survey));
  return (await Promise.all(parts)).flat();
}

/** Where the manifest really lies, when no link is on the way. */
function realFile({ folder }: PluginPlace, holder: Dirent): string | undefined {
  return holder.isDirectory() ? join(folder.real, manifestPath) : undefined;
}

function marketplacePath({ root }: PluginPlace): string {
  return join(root, '.claude-plugin', 'marketplace.json');
}

function componentsOf(place: PluginPlace, manifest: PluginManifest | undefined): Component[] {
  const { listed } = place;
  if (manifest || listed.length < 2 || !listed.some(listsPaths)) {
    const plugin = pluginName(place, manifest);
    return [{ plugin, manifest: manifest ?? listed[0] ?? {}, hasDefaults: true }];
  }
  return listed.map((entry) => ({
    plugin: { name: entry.name, aliases: [] },
    manifest: entry,
    hasDefaults: !listsPaths(entry),
  }));
}

function listsPaths({ agents, commands, skills }: PluginManifest): boolean {
  return (agents ?? commands ?? skills) !== undefined;
}

function pluginName(place: PluginPlace, manifest: PluginManifest | undefined): PluginName {
  const { folder, root, listed, installedAs } = place;
  const folderName = cleanLine(installedAs ?? basename(folder.path), caps.name);
  // A root's folder is named by whoever cloned it.
  const name = manifest?.name ?? (folder.path === root ? listed[0]?.name : undefined) ?? folderName;
  const aliases = new Set([folderName, ...listed.map((entry) => entry.name)]);
  aliases.delete(name);
  return { name, aliases: [...aliases] };
}

type Found = Pick<Source, 'path' | 'real'>;

async function componentSources(
  { root, folder, scope }: PluginPlace,
  children: ReadonlyMap<string, Dirent>,
  { plugin, manifest, hasDefaults }: Component,
  origin: Origin,
  { report }: Survey,
): Promise<Source[]> {
  const absent: string[] = [];
  const defaults = (kind: Kind): Found[] => (hasDefaults ? defaultFolders(kind, folder, children) : []);
  const named = async (paths: readonly string[] = []): Promise<Found[]> => {
    const { found, missing } = await locate(folder.path, paths);
    absent.push(...missing);
    return found;
  };
  const instead = async (kind: Kind, paths: readonly string[] | undefined): Promise<Found[]> => {
    const found = await named(paths);
    return found.length > 0 ? found : defaults(kind);
  };
  const places: [Kind, Found[]][] = [
    [agents, await instead(agents, manifest.agents)],
    [skills, [...defaults(skills), ...(await named(manifest.skills))]],
    [commands, await instead(commands, manifest.commands)],
    [scripts, defaults(scripts)],
  ];
  if (absent.length > 0) report(root, origin.file, absentPaths('path', absent, origin.text));
  return places.flatMap(([kind, found]) => found.map((place) => ({ kind, root, ...place, scope, plugin })));
}

/** Folders of a kind that are there; where a link is one, what it leads to is settled by the walk. */
function defaultFolders(
  { folders }: Kind,
  { path, real }: Folder,
  children: ReadonlyMap<string, Dirent>,
): Found[] {
  return folders.flatMap((name) => {
    const child = children.get(name);
    if (!child) return [];
    const inside = join(path, name);
    return [child.isDirectory() ? { path: inside, real: join(real, name) } : { path: inside }];
  });
}

async function locate(
  folder: string,
  written: readonly string[],
): Promise<{ found: Found[]; missing: string[] }> {
  const found: Found[] = [];
  const missing: string[] = [];
  for (const text of written) {
    const path = below(folder, text);
    const real = path === undefined ? undefined : realOf(path);
    if (path === undefined || real === undefined) missing.push(text);
    else found.push({ path, real });
  }
  return { found, missing };
}

const MOST_NAMED = 10;

/** Paths of a manifest that do not exist, or lead out of its folder; `text` is the manifest's. */
export function absentPaths(what: string, paths: readonly string[], text: string): Fault {
  const at = text.indexOf(JSON.stringify(paths[0]));
  const named = paths.slice(0, MOST_NAMED).map((path) => cleanLine(path, 80));
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  const count = paths.length === 1 ? `a ${what} that does` : `${paths.length} ${what}s that do`;
  return {
    ...(at >= 0 && { line: lineAt(text, at) }),
    cause: `It lists ${count} not exist in its folder: ${named.join(', ')}${more}.`,
    remedy: 'Correct the paths or remove them; where none of them exists the default folders are read.',
  };
}
