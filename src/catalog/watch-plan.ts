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
import type { Kind } from './kind.ts';
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
  for (const { path } of roots) addMissing(resolve(path), add);
  const isOurs = (folder: string): boolean => {
    const real = realOf(folder);
    return real !== undefined && isInsideAny(layout.realRoots, real);
  };
  for (const folder of layout.bases) if (isOurs(folder)) add(folder, (name) => inBases.has(name));
  for (const folder of layout.shelves) if (isOurs(folder)) add(folder, isVisible);
  for (const source of layout.sources) {
    await addSource(source, layout, add, pause);
  }
  return plan;
}

type Add = (folder: string, wanted: Wanted) => void;

function addMissing(root: string, add: Add): void {
  for (let folder = root; realOf(folder) === undefined; folder = dirname(folder)) {
    const name = basename(folder);
    if (realOf(dirname(folder))) add(dirname(folder), (other) => other === name);
  }
}

function isVisible(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

async function addSource(
  source: Source,
  { realRoots }: Layout,
  add: Add,
  pause: () => Promise<void>,
): Promise<void> {
  const real = source.real ?? realOf(source.path);
  if (real === undefined || !isInsideAny(realRoots, real)) return;
  const { kind, path } = source;
  if (kind.accepts(basename(path)) || kind.unit?.(basename(path))) {
    return add(dirname(path), (name) => name === basename(path));
  }
  for (const folders = [{ path, within: '', depth: 0 }]; folders.length > 0; await pause()) {
    const folder = folders.pop();
    if (folder) folders.push(...addFolder(folder, kind, add));
  }
}

interface SourceFolder {
  readonly path: string;
  /** Relative to the source, ends with `/`; empty for the source itself. */
  readonly within: string;
  readonly depth: number;
}

/** Gives back the folders inside it that matter. */
function addFolder({ path, within, depth }: SourceFolder, { accepts, unit }: Kind, add: Add): SourceFolder[] {
  const children = [...childrenOf(path).values()].filter(({ name }) => isVisible(name));
  if (within !== '' && children.some(({ name }) => unit?.(name))) {
    add(path, (name) => unit?.(name) === true);
    return [];
  }
  add(
    path,
    (name) => isVisible(name) && (accepts(within + name) || unit?.(name) === true || mayBeFolder(name)),
  );
  if (depth >= DEEPEST) return [];
  return children
    .filter((child) => child.isDirectory())
    .map(({ name }) => ({ path: join(path, name), within: `${within}${name}/`, depth: depth + 1 }));
}

function mayBeFolder(name: string): boolean {
  return !/\.\w+$/.test(name);
}
