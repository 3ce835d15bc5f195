/**
 * Where definitions lie: from roots to folders that are walked.
 *
 *   project root ─► .claude/{agents,skills,commands,workflows} · the root as a plugin, or its bare folders ·
 *                   plugins/* · what marketplace.json lists
 *   user root ────► the same four folders · plugins/cache/<marketplace>/<plugin>/<newest version>, enabled ones
 *   plugin ───────► its four folders, or the paths plugin.json names instead
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { agents } from './agents.ts';
import type { Fault } from './frontmatter.ts';
import type { Kind, Scope } from './kind.ts';
import {
  type MarketplaceEntry,
  type PluginManifest,
  readEnabledPlugins,
  readMarketplace,
  readPluginManifest,
} from './manifests.ts';
import { below } from './scanner.ts';
import { skills } from './skills.ts';
import { caps, cleanLine } from './text.ts';
import { newestVersion } from './version-order.ts';
import { commands, scripts } from './workflows.ts';

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
  /** Registry files, in order of precedence. */
  readonly registries: readonly { readonly root: string; readonly path: string }[];
  /** Real paths of the roots: nothing outside is followed. */
  readonly realRoots: readonly string[];
}

export type Report = (root: string, file: string, fault: Fault) => void;

const allKinds = [agents, skills, commands, scripts];
const manifestPath = join('.claude-plugin', 'plugin.json');

/** Reads manifests and lists folders; no definition is opened. */
export async function layOut(roots: readonly Root[], report: Report): Promise<Layout> {
  const real = await Promise.all(roots.map(({ path }) => realpath(path).catch(() => undefined)));
  const realRoots = real.filter((path) => path !== undefined);
  const survey = { realRoots, report, enabled: await enabledPlugins(roots, realRoots, report) };
  const parts = await Promise.all(
    roots.map((root, i) => (real[i] === undefined ? missing(root, report) : surveyRoot(root, survey))),
  );
  const sources = parts.flat();
  return { sources: distinct(sources), registries: roots.flatMap(registriesOf), realRoots };
}

interface Survey {
  readonly realRoots: readonly string[];
  readonly report: Report;
  readonly enabled: ReadonlyMap<string, boolean> | undefined;
}

function missing(root: Root, report: Report): Source[] {
  if (root.scope === 'project') {
    report(root.path, root.path, {
      cause: 'The root does not exist.',
      remedy: 'Create it, or leave it out.',
    });
  }
  return [];
}

function registriesOf({ path, scope }: Root): { root: string; path: string }[] {
  const names = ['agent-registry.yml', 'agent-registry.yaml'];
  const folders = scope === 'user' ? [path] : [join(path, '.claude'), path];
  return folders.flatMap((folder) => names.map((name) => ({ root: path, path: join(folder, name) })));
}

async function surveyRoot(root: Root, survey: Survey): Promise<Source[]> {
  if (root.scope === 'user') {
    return [...folderSources(root.path, root.path, 'user'), ...(await installedPlugins(root, survey))];
  }
  const scope = root.scope === 'builtin' ? 'builtin' : 'plugin';
  const own = folderSources(
    root.path,
    join(root.path, '.claude'),
    root.scope === 'builtin' ? 'builtin' : 'project',
  );
  return [...own, ...(await repositoryPlugins(root, scope, survey))];
}

function folderSources(root: string, base: string, scope: Scope): Source[] {
  return allKinds.flatMap((kind) =>
    kind.folders.map((folder) => ({ kind, root, path: join(base, folder), scope })),
  );
}

/** Plugins below `plugins/`, those the marketplace lists, and the root itself. */
async function repositoryPlugins(root: Root, scope: Scope, survey: Survey): Promise<Source[]> {
  const listed = await marketplacePlugins(root, survey);
  const found = new Map<string, MarketplaceEntry[]>();
  for (const name of await foldersOf(join(root.path, 'plugins')))
    found.set(join(root.path, 'plugins', name), []);
  for (const { folder, entry } of listed) found.set(folder, [...(found.get(folder) ?? []), entry]);
  const isPlugin = found.has(root.path) || (await exists(join(root.path, manifestPath)));
  if (isPlugin && !found.has(root.path)) found.set(root.path, []);
  const bare = isPlugin
    ? []
    : folderSources(root.path, root.path, root.scope === 'builtin' ? 'builtin' : 'project');
  const folders = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const plugins = await Promise.all(
    folders.map(([folder, entries]) => pluginSources(root.path, folder, entries, scope, survey)),
  );
  return [...bare, ...plugins.flat()];
}

async function marketplacePlugins(
  root: Root,
  { realRoots, report }: Survey,
): Promise<{ folder: string; entry: MarketplaceEntry }[]> {
  const file = join(root.path, '.claude-plugin', 'marketplace.json');
  const { value = [], fault } = await readMarketplace(file, realRoots);
  if (fault) report(root.path, file, fault);
  const located = await Promise.all(
    value.map(async (entry) => {
      const folder = below(root.path, entry.source);
      return { entry, folder: folder !== undefined && (await exists(folder)) ? folder : undefined };
    }),
  );
  const absent = located.filter(({ folder }) => folder === undefined).map(({ entry }) => entry.source);
  if (absent.length > 0) report(root.path, file, absentPaths('plugin folders', absent));
  return located.flatMap(({ folder, entry }) => (folder === undefined ? [] : [{ folder, entry }]));
}

async function installedPlugins(root: Root, survey: Survey): Promise<Source[]> {
  const cache = join(root.path, 'plugins', 'cache');
  const sources: Source[][] = [];
  for (const marketplace of await foldersOf(cache)) {
    for (const plugin of await foldersOf(join(cache, marketplace))) {
      if (survey.enabled && survey.enabled.get(`${plugin}@${marketplace}`) !== true) continue;
      const version = newestVersion(await foldersOf(join(cache, marketplace, plugin)));
      if (version === undefined) continue;
      const folder = join(cache, marketplace, plugin, version);
      sources.push(await pluginSources(root.path, folder, [], 'plugin', survey, plugin));
    }
  }
  return sources.flat();
}

/** Later files override earlier ones. Where none says anything, what is installed is enabled. */
async function enabledPlugins(
  roots: readonly Root[],
  realRoots: readonly string[],
  report: Report,
): Promise<ReadonlyMap<string, boolean> | undefined> {
  const ordered = [
    ...roots.filter(({ scope }) => scope === 'user'),
    ...roots.filter(({ scope }) => scope === 'project'),
  ];
  const files = ordered.flatMap(({ path, scope }) => {
    const folder = scope === 'user' ? path : join(path, '.claude');
    return ['settings.json', 'settings.local.json'].map((name) => ({ path, file: join(folder, name) }));
  });
  let merged: Map<string, boolean> | undefined;
  for (const { path, file } of files) {
    const { value, fault } = await readEnabledPlugins(file, realRoots);
    if (fault) report(path, file, fault);
    if (value) merged = new Map([...(merged ?? []), ...value]);
  }
  return merged;
}

async function pluginSources(
  root: string,
  folder: string,
  listed: readonly MarketplaceEntry[],
  scope: Scope,
  survey: Survey,
  installedAs?: string,
): Promise<Source[]> {
  const file = join(folder, manifestPath);
  const { value: manifest, fault } = await readPluginManifest(file, survey.realRoots);
  if (fault) survey.report(root, file, fault);
  // Several plugins may share one folder, each listing what is its own.
  const shared = manifest ? [] : listed.filter((entry) => entry.skills ?? entry.agents ?? entry.commands);
  if (shared.length > 1) {
    const parts = shared.map((entry) =>
      componentSources(
        { root, folder, file, manifest: entry, scope, plugin: { name: entry.name, aliases: [] }, only: true },
        survey,
      ),
    );
    return (await Promise.all(parts)).flat();
  }
  const plugin = pluginName(folder, folder === root, manifest, listed, installedAs);
  const described = manifest ?? shared[0] ?? {};
  return componentSources({ root, folder, file, manifest: described, scope, plugin, only: false }, survey);
}

function pluginName(
  folder: string,
  isRoot: boolean,
  manifest: PluginManifest | undefined,
  listed: readonly MarketplaceEntry[],
  installedAs: string | undefined,
): PluginName {
  const folderName = cleanLine(installedAs ?? basename(folder), caps.name);
  // A root's folder is named by whoever cloned it.
  const name = manifest?.name ?? (isRoot ? listed[0]?.name : undefined) ?? folderName;
  const aliases = new Set([folderName, ...listed.map((entry) => entry.name)]);
  aliases.delete(name);
  return { name, aliases: [...aliases] };
}

interface Component {
  readonly root: string;
  readonly folder: string;
  readonly file: string;
  readonly manifest: PluginManifest;
  readonly scope: Scope;
  readonly plugin: PluginName;
  /** Only what is listed: the default folders belong to several. */
  readonly only: boolean;
}

async function componentSources(component: Component, { report }: Survey): Promise<Source[]> {
  const { root, folder, file, manifest, scope, plugin, only } = component;
  const source = (kind: Kind, path: string): Source => ({ kind, root, path, scope, plugin });
  const defaults = (kind: Kind): string[] => (only ? [] : kind.folders.map((name) => join(folder, name)));
  const absent: string[] = [];
  const paths = async (
    kind: Kind,
    listed: readonly string[] | undefined,
    adds: boolean,
  ): Promise<Source[]> => {
    const found: string[] = [];
    for (const written of listed ?? []) {
      const path = below(folder, written);
      if (path !== undefined && (await exists(path))) found.push(path);
      else absent.push(written);
    }
    const all = adds ? [...defaults(kind), ...found] : found.length > 0 ? found : defaults(kind);
    return all.map((path) => source(kind, path));
  };
  const sources = [
    ...(await paths(agents, manifest.agents, false)),
    ...(await paths(skills, manifest.skills, true)),
    ...(await paths(commands, manifest.commands, false)),
    ...defaults(scripts).map((path) => source(scripts, path)),
  ];
  if (absent.length > 0) report(root, file, absentPaths('paths', absent));
  return sources;
}

function absentPaths(what: string, paths: readonly string[]): Fault {
  const named = paths
    .slice(0, 5)
    .map((path) => cleanLine(path, 80))
    .join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return {
    cause: `It lists ${what} that do not exist below it: ${named}${more}.`,
    remedy: 'Correct the paths or remove them; where none of them exists the default folders are read.',
  };
}

/** The same path reached twice for one kind is one source; a folder inside another one of its kind is, too. */
function distinct(sources: readonly Source[]): Source[] {
  const kept = new Map<string, Source>();
  for (const source of sources) {
    const key = `${source.kind.folders[0]}\0${source.path}\0${source.plugin?.name ?? ''}`;
    if (!kept.has(key)) kept.set(key, source);
  }
  return [...kept.values()];
}

async function foldersOf(path: string): Promise<string[]> {
  const children = await readdir(path, { withFileTypes: true }).catch(() => []);
  return children
    .filter(
      (child) =>
        (child.isDirectory() || child.isSymbolicLink()) &&
        !child.name.startsWith('.') &&
        child.name !== 'node_modules',
    )
    .map((child) => child.name)
    .sort();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
