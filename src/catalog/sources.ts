/**
 * Where definitions lie: from roots to folders that are walked.
 *
 *   project root ─► .claude/{agents,skills,commands,workflows} · the root as a plugin, or its bare folders ·
 *                   plugins/* · what marketplace.json lists
 *   user root ────► the same four folders · plugins/cache/<marketplace>/<plugin>/<newest version>, enabled ones
 *   plugin ───────► its four folders, or the paths plugin.json names instead
 */
import { join, resolve } from 'node:path';
import { agents } from './agents.ts';
import { type Folder, foldersOf, realOf } from './folders.ts';
import { below, portable } from './inside.ts';
import { enabledPlugins, installedPlugins } from './installed.ts';
import type { Scope } from './kind.ts';
import type { Layout, Report, Root, Source, Survey } from './layout.ts';
import { type MarketplaceEntry, readMarketplace } from './manifests.ts';
import { absentPaths, manifestPath, pluginSources } from './plugin-sources.ts';
import { skills } from './skills.ts';
import { commands, scripts } from './workflows.ts';

export type { Root } from './layout.ts';

/** Reads manifests and lists folders; no definition is opened. */
export async function layOut(
  given: readonly Root[],
  report: Report,
  pause: () => Promise<void>,
): Promise<Layout> {
  const roots = given.map(({ path, scope }) => ({ path: resolve(path), scope }));
  const real = roots.map(({ path }) => realOf(path));
  const realRoots = real.filter((path) => path !== undefined);
  const reportAbsolute: Report = (root, path, fault) => report(root, portable(root, path), fault);
  const enabled = await enabledPlugins(roots, realRoots, reportAbsolute);
  const bases = new Set<string>();
  const shelves = new Set<string>();
  const survey = { realRoots, report: reportAbsolute, enabled, bases, shelves, pause };
  const parts = await Promise.all(
    roots.map((root, i) => {
      const known = real[i];
      return known === undefined ? missing(root, survey) : surveyRoot(root, known, survey);
    }),
  );
  return {
    sources: distinct(parts.flat()),
    registries: roots.flatMap(registriesOf),
    realRoots,
    bases: [...bases],
    shelves: [...shelves],
  };
}

/** A person need not have a folder of settings, but a root that was named should be there. */
function missing({ path, scope }: Root, { report }: Survey): Source[] {
  if (scope === 'project') {
    report(path, path, {
      cause: 'The root does not exist or cannot be read.',
      remedy: 'Create it, or leave it out; it is looked for at every re-index.',
    });
  }
  return [];
}

function registriesOf({ path, scope }: Root): { root: string; path: string }[] {
  const names = ['agent-registry.yml', 'agent-registry.yaml'];
  const folders = scope === 'user' ? [path] : [join(path, '.claude'), path];
  return folders.flatMap((folder) => names.map((name) => ({ root: path, path: join(folder, name) })));
}

async function surveyRoot(root: Root, real: string, survey: Survey): Promise<Source[]> {
  survey.bases.add(root.path);
  if (root.scope === 'user') {
    return [...folderSources(root.path, root.path, 'user'), ...(await installedPlugins(root, real, survey))];
  }
  survey.bases.add(join(root.path, '.claude')).add(join(root.path, '.claude-plugin'));
  const own = folderSources(root.path, join(root.path, '.claude'), root.scope);
  return [...own, ...(await repositoryPlugins(root, real, survey))];
}

function folderSources(root: string, base: string, scope: Scope): Source[] {
  return [agents, skills, commands, scripts].flatMap((kind) =>
    kind.folders.map((folder) => ({ kind, root, path: join(base, folder), scope })),
  );
}

/** Plugins below `plugins/`, those the marketplace lists, and the root itself. */
async function repositoryPlugins(root: Root, real: string, survey: Survey): Promise<Source[]> {
  const scope = root.scope === 'builtin' ? 'builtin' : 'plugin';
  const found = new Map<string, { folder: Folder; listed: MarketplaceEntry[] }>();
  const add = (folder: Folder, ...listed: MarketplaceEntry[]): void => {
    const known = found.get(folder.path)?.listed ?? [];
    found.set(folder.path, { folder, listed: [...known, ...listed] });
  };
  const base = { path: join(root.path, 'plugins'), real: join(real, 'plugins') };
  survey.shelves.add(base.path);
  for (const folder of foldersOf(base)) add(folder);
  // What is shipped lies in `plugins/`; its marketplace also lists the plugin by which a host gets this program.
  const listed = root.scope === 'builtin' ? [] : await marketplacePlugins(root, survey);
  for (const { folder, entry } of listed) add(folder, entry);
  const isPlugin = realOf(join(root.path, manifestPath));
  if (isPlugin !== undefined) add({ path: root.path, real });
  const bare = found.has(root.path) ? [] : folderSources(root.path, root.path, root.scope);
  const plugins = await Promise.all(
    [...found.values()].map(({ folder, listed }) =>
      pluginSources({ root: root.path, folder, scope, listed }, survey),
    ),
  );
  return [...bare, ...plugins.flat()];
}

async function marketplacePlugins(
  root: Root,
  { realRoots, report }: Survey,
): Promise<{ folder: Folder; entry: MarketplaceEntry }[]> {
  const file = join(root.path, '.claude-plugin', 'marketplace.json');
  const { value = [], fault, text = '' } = await readMarketplace(file, realRoots);
  if (fault) report(root.path, file, fault);
  const located: { folder: Folder; entry: MarketplaceEntry }[] = [];
  const absent: string[] = [];
  for (const entry of value) {
    const path = below(root.path, entry.source);
    const real = path === undefined ? undefined : realOf(path);
    if (path === undefined || real === undefined) absent.push(entry.source);
    else located.push({ folder: { path, real }, entry });
  }
  if (absent.length > 0) report(root.path, file, absentPaths('plugin folder', absent, text));
  return located;
}

/** The same path reached twice for one kind and owner is one source. */
function distinct(sources: readonly Source[]): Source[] {
  const kept = new Map<string, Source>();
  for (const source of sources) {
    const key = `${source.kind.folders[0]}\0${source.path}\0${source.plugin?.name ?? ''}`;
    if (!kept.has(key)) kept.set(key, source);
  }
  return [...kept.values()];
}
