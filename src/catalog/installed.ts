/** Plugins a person has installed: `plugins/cache/<marketplace>/<plugin>/<version>/` of a user root. */
import { basename, join } from 'node:path';
import { type Folder, foldersOf } from './folders.ts';
import type { Report, Root, Source, Survey } from './layout.ts';
import { readEnabledPlugins } from './manifests.ts';
import { pluginSources } from './plugin-sources.ts';
import { newestVersion } from './version-order.ts';

/** The newest version of each installed plugin that is enabled. */
export async function installedPlugins(root: Root, real: string, survey: Survey): Promise<Source[]> {
  const cache = { path: join(root.path, 'plugins', 'cache'), real: join(real, 'plugins', 'cache') };
  const sources: Source[][] = [];
  survey.shelves.add(join(root.path, 'plugins')).add(cache.path);
  for (const marketplace of foldersOf(cache)) {
    survey.shelves.add(marketplace.path);
    for (const plugin of foldersOf(marketplace)) {
      const name = basename(plugin.path);
      if (survey.enabled && survey.enabled.get(`${name}@${basename(marketplace.path)}`) !== true) continue;
      survey.shelves.add(plugin.path);
      const folder = newestOf(foldersOf(plugin));
      if (!folder) continue;
      const place = { root: root.path, folder, scope: 'plugin', listed: [], installedAs: name } as const;
      sources.push(await pluginSources(place, survey));
    }
  }
  return sources.flat();
}

function newestOf(versions: readonly Folder[]): Folder | undefined {
  const newest = newestVersion(versions.map(({ path }) => basename(path)));
  return versions.find(({ path }) => basename(path) === newest);
}

/**
 * What settings switch on or off, `plugin@marketplace` → on. The project's word counts more than the user's, that
 * of `settings.local.json` more than that of `settings.json`. Undefined where none says anything: then everything
 * installed is enabled.
 */
export async function enabledPlugins(
  roots: readonly Root[],
  realRoots: readonly string[],
  report: Report,
): Promise<ReadonlyMap<string, boolean> | undefined> {
  let merged: Map<string, boolean> | undefined;
  for (const { root, file } of settingsFiles(roots)) {
    const { value, fault } = await readEnabledPlugins(file, realRoots);
    if (fault) report(root, file, fault);
    if (value) merged = new Map([...(merged ?? []), ...value]);
  }
  return merged;
}

/** The weakest first. */
function settingsFiles(roots: readonly Root[]): { root: string; file: string }[] {
  const folders = [
    ...roots.filter(({ scope }) => scope === 'user').map(({ path }) => ({ root: path, folder: path })),
    ...roots
      .filter(({ scope }) => scope === 'project')
      .map(({ path }) => ({ root: path, folder: join(path, '.claude') })),
  ];
  return folders.flatMap(({ root, folder }) =>
    ['settings.json', 'settings.local.json'].map((name) => ({ root, file: join(folder, name) })),
  );
}
