/**
 * The folders of one plugin.
 *
 *   plugin.json, or else its entry in marketplace.json ─► paths it names: agents and commands instead of the default
 *                                                         folders, skills beside them
 */
import { basename, join } from 'node:path';
import { agents } from './agents.ts';
import { exists } from './folders.ts';
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
  /** Absolute. */
  readonly folder: string;
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

interface DescribedComponent extends Component {
  /** Of its plugin.json; '' where it has none. */
  readonly text: string;
}

export async function pluginSources(place: PluginPlace, survey: Survey): Promise<Source[]> {
  const file = join(place.folder, manifestPath);
  const { value: manifest, fault, text = '' } = await readPluginManifest(file, survey.realRoots);
  if (fault) survey.report(place.root, file, fault);
  const components = componentsOf(place, manifest);
  const parts = await Promise.all(
    components.map((component) => componentSources(place, { ...component, text }, survey)),
  );
  return parts.flat();
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
  const folderName = cleanLine(installedAs ?? basename(folder), caps.name);
  // A root's folder is named by whoever cloned it.
  const name = manifest?.name ?? (folder === root ? listed[0]?.name : undefined) ?? folderName;
  const aliases = new Set([folderName, ...listed.map((entry) => entry.name)]);
  aliases.delete(name);
  return { name, aliases: [...aliases] };
}

async function componentSources(
  { root, folder, scope }: PluginPlace,
  { plugin, manifest, hasDefaults, text }: DescribedComponent,
  { report }: Survey,
): Promise<Source[]> {
  const absent: string[] = [];
  const defaults = (kind: Kind): string[] =>
    hasDefaults ? kind.folders.map((name) => join(folder, name)) : [];
  const named = async (paths: readonly string[] = []): Promise<string[]> => {
    const { found, missing } = await locate(folder, paths);
    absent.push(...missing);
    return found;
  };
  const instead = async (kind: Kind, paths: readonly string[] | undefined): Promise<string[]> => {
    const found = await named(paths);
    return found.length > 0 ? found : defaults(kind);
  };
  const places: [Kind, string[]][] = [
    [agents, await instead(agents, manifest.agents)],
    [skills, [...defaults(skills), ...(await named(manifest.skills))]],
    [commands, await instead(commands, manifest.commands)],
    [scripts, defaults(scripts)],
  ];
  if (absent.length > 0) report(root, join(folder, manifestPath), absentPaths('paths', absent, text));
  return places.flatMap(([kind, paths]) => paths.map((path) => ({ kind, root, path, scope, plugin })));
}

async function locate(
  folder: string,
  written: readonly string[],
): Promise<{ found: string[]; missing: string[] }> {
  const found: string[] = [];
  const missing: string[] = [];
  for (const path of written) {
    const absolute = below(folder, path);
    if (absolute !== undefined && (await exists(absolute))) found.push(absolute);
    else missing.push(path);
  }
  return { found, missing };
}

const MOST_NAMED = 10;

/** Paths of a manifest that do not exist, or lead out of its folder; `text` is the manifest's. */
export function absentPaths(what: string, paths: readonly string[], text: string): Fault {
  const at = text.indexOf(JSON.stringify(paths[0]));
  const named = paths.slice(0, MOST_NAMED).map((path) => cleanLine(path, 80));
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return {
    ...(at >= 0 && { line: lineAt(text, at) }),
    cause: `It lists ${paths.length} ${what} that do not exist in its folder: ${named.join(', ')}${more}.`,
    remedy: 'Correct the paths or remove them; where none of them exists the default folders are read.',
  };
}
