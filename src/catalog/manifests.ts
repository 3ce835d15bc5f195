/** `plugin.json`, `marketplace.json` and `settings.json`, read for what matters here. Never throws. */
import type { Fault } from './frontmatter.ts';
import { readText } from './read-text.ts';
import { caps, cleanLine } from './text.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a plugin says about itself. */
export interface PluginManifest {
  readonly name?: string;
  /** Paths as written, relative to the plugin; absent where the default folder stands. */
  readonly agents?: readonly string[];
  readonly commands?: readonly string[];
  readonly skills?: readonly string[];
}

export interface MarketplaceEntry extends PluginManifest {
  readonly name: string;
  /** Relative to the repository. */
  readonly source: string;
}

/** What a manifest says, the text it says it in, and what is wrong with it. */
export type Read<T> = { readonly value?: T; readonly fault?: Fault; readonly text?: string };

const brokenJson: Fault = {
  line: 1,
  cause: 'The file is not valid JSON.',
  remedy: 'Mend it; meanwhile what it says is not known and the default folders stand.',
};

/** The object in a JSON file; nothing where there is no file. */
async function readJson(file: string, roots: readonly string[], real?: string): Promise<Read<Fields>> {
  const read = await readText(file, roots, real);
  if (read.text === undefined) return read.fault.absent ? {} : { fault: read.fault };
  try {
    const value: unknown = JSON.parse(read.text);
    return isFields(value) ? { value, text: read.text } : { fault: brokenJson };
  } catch {
    return { fault: brokenJson };
  }
}

export async function readPluginManifest(
  file: string,
  roots: readonly string[],
  real?: string,
): Promise<Read<PluginManifest>> {
  const { value, ...rest } = await readJson(file, roots, real);
  return value ? { ...rest, value: manifestOf(value) } : rest;
}

/** Plugins of a marketplace that lie in its own repository. */
export async function readMarketplace(
  file: string,
  roots: readonly string[],
): Promise<Read<readonly MarketplaceEntry[]>> {
  const { value, ...rest } = await readJson(file, roots);
  if (!value) return rest;
  const holder = Array.isArray(value.plugins) ? value : isFields(value.marketplace) ? value.marketplace : {};
  const metadata = isFields(value.metadata) ? value.metadata : {};
  const base = typeof metadata.pluginRoot === 'string' ? `${metadata.pluginRoot}/` : '';
  const listed: unknown[] = Array.isArray(holder.plugins) ? holder.plugins : [];
  return { ...rest, value: listed.slice(0, 5000).flatMap((plugin) => marketplaceEntry(plugin, base)) };
}

function marketplaceEntry(plugin: unknown, base: string): MarketplaceEntry[] {
  if (!isFields(plugin)) return [];
  const source = plugin.source ?? plugin.path;
  const name = nameOf(plugin);
  // Sources that are objects, and addresses, lie elsewhere: installing them is another program's work.
  if (typeof source !== 'string' || name === undefined || /^[a-z+]+:|^git@/i.test(source)) return [];
  return [{ ...manifestOf(plugin), name, source: source.startsWith('.') ? source : base + source }];
}

/** `enabledPlugins` of a settings file: `plugin@marketplace` → on or off; undefined where it says nothing. */
export async function readEnabledPlugins(
  file: string,
  roots: readonly string[],
): Promise<Read<ReadonlyMap<string, boolean>>> {
  const { value, fault } = await readJson(file, roots);
  if (!isFields(value?.enabledPlugins)) return fault ? { fault } : {};
  return { value: new Map(Object.entries(value.enabledPlugins).map(([key, on]) => [key, on !== false])) };
}

function manifestOf(fields: Fields): PluginManifest {
  const name = nameOf(fields);
  const agents = pathsOf(fields.agents);
  const commands = pathsOf(fields.commands);
  const skills = pathsOf(fields.skills);
  return {
    ...(name !== undefined && { name }),
    ...(agents && { agents }),
    ...(commands && { commands }),
    ...(skills && { skills }),
  };
}

function nameOf(fields: Fields): string | undefined {
  const name = typeof fields.name === 'string' ? cleanLine(fields.name, caps.name) : '';
  return name === '' ? undefined : name;
}

/** A path, a list of paths, or a map of names to `{ source }`. */
function pathsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  const items = Array.isArray(value) ? value : isFields(value) ? Object.values(value) : undefined;
  return items
    ?.map((item: unknown) => (isFields(item) ? item.source : item))
    .filter((item): item is string => typeof item === 'string')
    .slice(0, 1000);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
