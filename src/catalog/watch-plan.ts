/**
 * What to watch, so that no change of a definition goes unseen and nothing else is looked at.
 *
 *   bases    folders of plugins and scopes: manifests, settings, registries, folders of definitions
 *   shelves  folders of plugins: any of them
 *   sources  folders of definitions and those inside them, units (a skill's folder) not deeper
 *   missing  for a root that is not there, the folder in which it would appear
 *
 * Links are not followed below a source; one that is itself a source is, while it stays inside the roots.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { childrenOf, realOf } from './folders.ts';
import { isInsideAny } from './inside.ts';
import type { Layout, Root, Source } from './layout.ts';
import { layOut } from './sources.ts';

/** Whether something in a folder matters, by its name. */
export type Wanted = (name: string) => boolean;

/** Folder → what matters in it. */
export type WatchPlan = ReadonlyMap<string, Wanted>;

const DEEPEST = 12;

const inBases = new Set([
  ...['agents', 'skills', 'commands', 'workflows', '.claude', '.claude-plugin', 'plugins'],
  ...['plugin.json', 'marketplace.json', 'settings.json', 'settings.local.json'],
  ...['agent-registry.yml', 'agent-registry.yaml'],
]);

export async function planWatch(roots: readonly Root[], pause: () => Promise<void>): Promise<WatchPlan> {
  const plan = new Map<string, Wanted>();
  const add = (folder: string, wanted: Wanted): void => {
    const before = plan.get(folder);
    plan.set(folder, before ? (name) => before(name) || wanted(name) : wanted);
  };
  const layout = await layOut(roots, () => undefined, pause);
  for (const { path } of roots) await addMissing(resolve(path), add);
  const isOurs = async (folder: string): Promise<boolean> => {
    const real = await realOf(folder);
    return real !== undefined && isInsideAny(layout.realRoots, real);
  };
  for (const folder of layout.bases) if (await isOurs(folder)) add(folder, (name) => inBases.has(name));
  for (const folder of layout.shelves) if (await isOurs(folder)) add(folder, isVisible);
  for (const source of layout.sources) {
    await addSource(source, layout, add);
    await pause();
  }
  return plan;
}

type Add = (folder: string, wanted: Wanted) => void;

async function addMissing(root: string, add: Add): Promise<void> {
  for (let folder = root; (await realOf(folder)) === undefined; folder = dirname(folder)) {
    const name = basename(folder);
    if (await realOf(dirname(folder))) add(dirname(folder), (other) => other === name);
  }
}

function isVisible(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

async function addSource(source: Source, { realRoots }: Layout, add: Add): Promise<void> {
  const real = source.real ?? (await realOf(source.path));
  if (real === undefined || !isInsideAny(realRoots, real)) return;
  const { kind, path } = source;
  if (kind.accepts(basename(path)) || kind.unit?.(basename(path))) {
    return add(dirname(path), (name) => name === basename(path));
  }
  await addFolder(path, '', source, add, 0);
}

async function addFolder(
  path: string,
  within: string,
  source: Source,
  add: Add,
  depth: number,
): Promise<void> {
  const { accepts, unit } = source.kind;
  const children = [...(await childrenOf(path)).values()].filter(({ name }) => isVisible(name));
  if (within !== '' && children.some(({ name }) => unit?.(name))) {
    return add(path, (name) => unit?.(name) === true);
  }
  add(
    path,
    (name) => isVisible(name) && (accepts(within + name) || unit?.(name) === true || mayBeFolder(name)),
  );
  if (depth >= DEEPEST) return;
  for (const child of children) {
    if (child.isDirectory()) {
      await addFolder(join(path, child.name), `${within}${child.name}/`, source, add, depth + 1);
    }
  }
}

function mayBeFolder(name: string): boolean {
  return !/\.\w+$/.test(name);
}
