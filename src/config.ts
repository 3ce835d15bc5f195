/**
 * Where settings come from: the only reader of process.env and of configuration files.
 *
 *   flags ► CALLSHEET_* ► MCP_* ► project file ► user file ► defaults     (the first that says something wins)
 *
 * A project file comes with a repository, so it is somebody else's text: settings that decide who may connect, and
 * what leaves the project's folder, are refused there. docs/operations.md lists every setting.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Root } from './catalog/sources.ts';
import { UsageError } from './cli/command.ts';
import { nearestName } from './search/nearest-name.ts';
import { ConfigError, Secret, type SettingName, type SettingValues, settings } from './settings.ts';

export interface Config extends Readonly<SettingValues> {
  /** Absolute. The first `--root`, else the nearest folder above with `.claude` or `.git`, else the working directory. */
  readonly projectRoot: string;
  /** What is indexed, in order of precedence. */
  readonly roots: readonly Root[];
  /** Database, vectors, caches. */
  readonly dataDir: string;
  readonly logDir: string;
  /** Who serves this project: pid, port, version. */
  readonly stateFile: string;
  /** Holds the embedding; need not exist. */
  readonly modelDir: string;
}

/** As the command line gives them; values of `--port` may be text or numbers. */
export interface Flags {
  readonly root?: readonly string[] | undefined;
  readonly 'data-dir'?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
}

/** Everything outside that a configuration depends on; all but `cwd` default to this process and its disk. */
export interface ConfigSources {
  readonly cwd: string;
  readonly flags?: Flags;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  /** Holds the shipped `model/`, `plugins/` and `agent-registry.yml`. */
  readonly packageRoot?: string;
  /** Undefined where there is no such file; throws where it cannot be read. */
  readonly readFile?: (path: string) => string | undefined;
  readonly exists?: (path: string) => boolean;
}

/**
 * Reads, validates and freezes.
 * @throws UsageError for a wrong flag, ConfigError for anything else; both name the setting and where it came from
 */
export function readConfig(sources: ConfigSources): Config {
  const from = withDefaults(sources);
  const projectRoot = findProjectRoot(from);
  const values = readSettings(from, projectRoot);
  const usual = join(projectRoot, '.claude', 'mcp-server');
  const dataDir = values.data_dir ?? join(usual, 'data');
  // Moved data takes everything else of this server along.
  const stateDir = dataDir === join(usual, 'data') ? usual : dataDir;
  return Object.freeze({
    ...values,
    allowed_hosts: Object.freeze([...values.allowed_hosts, ...ownName(values.host)]),
    projectRoot,
    roots: Object.freeze(rootsOf(from, projectRoot)),
    dataDir,
    logDir: join(stateDir, 'logs'),
    stateFile: join(stateDir, 'state.json'),
    modelDir: values.model_dir ?? join(from.packageRoot, 'model'),
  });
}

/** Callers may use the name it listens on, which the addresses that stand for all are not. */
function ownName(host: string): string[] {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (bare === '0.0.0.0' || bare === '::') return [];
  return [bare.includes(':') ? `[${bare}]` : bare];
}

function withDefaults(sources: ConfigSources): Required<ConfigSources> {
  return {
    flags: {},
    env: process.env,
    home: homedir(),
    packageRoot: findPackageRoot(import.meta.dirname),
    readFile: readFileIfAny,
    exists: existsSync,
    ...sources,
    cwd: resolve(sources.cwd),
  };
}

/** The source may run from `src/`, or bundled from anywhere below `dist/`. */
function findPackageRoot(start: string): string {
  return ancestors(start).find((folder) => existsSync(join(folder, 'package.json'))) ?? start;
}

function readFileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw thrown;
  }
}

function ancestors(start: string): string[] {
  const parent = dirname(start);
  return parent === start ? [start] : [start, ...ancestors(parent)];
}

/** The home directory's own `.claude` is the user's scope and makes no project. */
function findProjectRoot({ flags, cwd, home, exists }: Required<ConfigSources>): string {
  const first = flags.root?.[0];
  if (first !== undefined) return resolve(cwd, first);
  const isProject = (folder: string): boolean =>
    exists(join(folder, '.git')) || (folder !== home && exists(join(folder, '.claude')));
  return ancestors(cwd).find(isProject) ?? cwd;
}

function rootsOf({ flags, cwd, home, packageRoot }: Required<ConfigSources>, projectRoot: string): Root[] {
  if (flags.root && flags.root.length > 0) {
    const given = new Set(flags.root.map((path) => resolve(cwd, path)));
    return [...given].map((path) => ({ path, scope: 'project' }));
  }
  const roots: Root[] = [
    { path: projectRoot, scope: 'project' },
    { path: join(home, '.claude'), scope: 'user' },
  ];
  return projectRoot === packageRoot ? roots : [...roots, { path: packageRoot, scope: 'builtin' }];
}

/** One thing somebody said about a setting. */
interface Statement {
  readonly value: unknown;
  /** `--port`, `MCP_PORT`, `"port" in <file>`. */
  readonly where: string;
  readonly isFlag?: boolean;
  /** Relative paths start here. */
  readonly base: string;
}

type FileMembers = (name: SettingName) => Statement | undefined;

function readSettings(from: Required<ConfigSources>, projectRoot: string): SettingValues {
  const project = readMembers(from, projectRoot, 'project');
  const user = readMembers(from, from.home, 'user');
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const said = flagOf(from, name) ?? environmentOf(from, name) ?? project(name) ?? user(name);
    values[name] = said ? parse(name, said) : settings[name].fallback;
  }
  return values as SettingValues;
}

function flagOf({ flags, cwd }: Required<ConfigSources>, name: SettingName): Statement | undefined {
  const flag = settings[name].flag;
  const value = flag && flags[flag];
  return value === undefined ? undefined : { value, where: `--${flag}`, isFlag: true, base: cwd };
}

/** An empty variable counts as not set. */
function environmentOf({ env, cwd }: Required<ConfigSources>, name: SettingName): Statement | undefined {
  const where = settings[name].env.find((variable) => env[variable]?.trim());
  return where === undefined ? undefined : { value: env[where]?.trim(), where, base: cwd };
}

function readMembers(from: Required<ConfigSources>, base: string, scope: 'project' | 'user'): FileMembers {
  const path = join(base, '.claude', 'callsheet.json');
  // In the home directory both files are one; it is the user's.
  if (scope === 'project' && base === from.home) return () => undefined;
  const members = readObject(path, from.readFile);
  for (const name of Object.keys(members)) checkMember(name, members[name], path, scope, base);
  return (name) =>
    Object.hasOwn(members, name) ? { value: members[name], where: `"${name}" in ${path}`, base } : undefined;
}

function readObject(path: string, readFile: (path: string) => string | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    const text = readFile(path);
    if (text === undefined) return {};
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (thrown) {
    // The words of JSON.parse quote the file, which may hold a secret.
    const why = thrown instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    throw new ConfigError(`${path} ${why}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ConfigError(`${path} must hold a JSON object`);
  }
  return value as Record<string, unknown>;
}

function checkMember(
  name: string,
  value: unknown,
  path: string,
  scope: 'project' | 'user',
  base: string,
): void {
  if (!Object.hasOwn(settings, name)) {
    const near = nearestName(name, Object.keys(settings));
    throw new ConfigError(`${path}: there is no setting "${name}"${near ? `; did you mean "${near}"?` : ''}`);
  }
  const setting = settings[name as SettingName];
  if (scope === 'user' || setting.project === 'anything') return;
  const inside = typeof value === 'string' && isBelow(base, resolve(base, value));
  if (setting.project === 'inside' && inside) return;
  const why =
    setting.project === 'inside' ? 'must stay inside the project' : 'is not taken from a project file';
  throw new ConfigError(
    `"${name}" in ${path} ${why}; set it in ~/.claude/callsheet.json or as ${setting.env[0]}`,
  );
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function parse(name: SettingName, { value, where, isFlag, base }: Statement): unknown {
  const setting = settings[name];
  const read = setting.schema.safeParse(value);
  if (!read.success) {
    const shown = 'secret' in setting ? '' : `, not ${JSON.stringify(value)}`;
    const message = `${where} must be ${setting.expects}${shown}`;
    throw isFlag ? new UsageError(message) : new ConfigError(message);
  }
  if ('path' in setting) return resolve(base, String(read.data));
  return 'secret' in setting ? new Secret(String(read.data)) : read.data;
}
