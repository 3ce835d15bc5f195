/**
 * The labelled sets of ../shared/relevance: catalogues as documents for the engine, queries with their grades.
 *
 * Input of benchmarks only. Reads definitions with a small reader of its own: what is measured here is ranking.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { SearchDocument } from '../src/search/engine.ts';

export const shared = resolve(import.meta.dirname, '../../shared');

export interface LabelledQuery {
  readonly id: string;
  readonly text: string;
  readonly style: string;
  /** Name (or name of its family) → grade. */
  readonly relevant: ReadonlyMap<string, number>;
  /** For this question these names are one: the first of them is the answer. */
  readonly alternatives?: ReadonlySet<string>;
}

export interface LabelledSet {
  /** `rosters/wshobson/agent`, `bfcl` … */
  readonly name: string;
  readonly documents: readonly SearchDocument[];
  readonly queries: readonly LabelledQuery[];
  /** What an answer counts as: copies of one definition are one. */
  familyOf(name: string, id?: string): string;
}

type Kind = 'agent' | 'skill' | 'workflow';

const corpora: Record<string, string> = {
  orchestr8: 'seth-schultz+orchestr8@v4.2.0',
  wshobson: 'wshobson+agents',
};

/** What the alternatives of a question count as. */
export const ANSWER = 'the answer';

/** All sets; none where the labelled data is absent. */
export function loadSets(): LabelledSet[] {
  const folder = join(shared, 'relevance');
  if (!existsSync(folder)) return [];
  return [
    ...loadRosters(folder),
    ...['metatool', 'bfcl', 'livemcp', 'dotnet-artisan'].map((name) => loadFlat(folder, name)),
  ];
}

/** Whether its labels call other definitions as good as the one that is expected. */
export function hasAlternatives({ name }: LabelledSet): boolean {
  return name === 'dotnet-artisan';
}

/** The same set, where whatever is right or acceptable answers the question, and nothing more is wanted. */
export function withAlternatives(set: LabelledSet): LabelledSet {
  return {
    ...set,
    name: `${set.name}, or an alternative`,
    queries: set.queries.map((query) => ({
      ...query,
      relevant: new Map([[ANSWER, 2]]),
      alternatives: new Set(query.relevant.keys()),
    })),
  };
}

function loadRosters(folder: string): LabelledSet[] {
  const families = readJson(join(folder, 'rosters/families.json')) as Record<
    string,
    Record<string, string[]>
  >;
  const queries = readLines(join(folder, 'rosters/queries.jsonl'));
  return Object.entries(corpora).flatMap(([corpus, directory]) => {
    const family = new Map<string, string>();
    for (const [name, members] of Object.entries(families[corpus] ?? {})) {
      for (const member of members) family.set(member, name);
    }
    const familyOf = (name: string): string => family.get(name) ?? name;
    return (['agent', 'skill', 'workflow'] as const).map((kind) => ({
      name: `rosters/${corpus}/${kind}`,
      documents: readDocuments(join(shared, 'corpora', directory, 'plugins'), kind),
      queries: queries
        .filter((query) => query.corpus === corpus && query.kind === kind)
        .map((query) => labelled(query, familyOf)),
      familyOf,
    }));
  });
}

/**
 * The labelled set of the project's own catalogue: `test/ranking/starter.jsonl` over `plugins/`, a set for each kind.
 * Lines: `{ id, kind, query, style, relevant: { name: grade } }`.
 */
export function loadStarter(project: string): LabelledSet[] {
  const path = join(project, 'test/ranking/starter.jsonl');
  if (!existsSync(path)) return [];
  const queries = readLines(path);
  const labels = new Set(queries.flatMap(({ relevant }) => Object.keys(relevant)));
  return (['agent', 'skill', 'workflow'] as const).map((kind) => ({
    name: `starter/${kind}`,
    documents: readDocuments(join(project, 'plugins'), kind),
    queries: queries.filter((query) => query.kind === kind).map((query) => labelled(query, (name) => name)),
    // Where two plugins share a name, the labels say which one is meant.
    familyOf: (name, id = name) => (labels.has(id) ? id : name),
  }));
}

function loadFlat(folder: string, name: string): LabelledSet {
  const plugins = join(folder, name, 'plugins');
  const documents = [...readDocuments(plugins, 'agent'), ...readDocuments(plugins, 'skill')];
  const familyOf = (member: string): string => member;
  return {
    name,
    documents,
    familyOf,
    queries: readLines(join(folder, name, 'queries.jsonl')).map((query) => labelled(query, familyOf)),
  };
}

interface RawQuery {
  readonly id: string;
  readonly corpus?: string;
  readonly kind?: string;
  readonly style?: string;
  readonly query: string;
  readonly relevant: readonly string[] | Record<string, number>;
  readonly acceptable?: readonly string[];
}

function labelled(raw: RawQuery, familyOf: (name: string) => string): LabelledQuery {
  const relevant = new Map<string, number>();
  const grade = (name: string, value: number): void => {
    const family = familyOf(name);
    relevant.set(family, Math.max(value, relevant.get(family) ?? 0));
  };
  for (const name of raw.acceptable ?? []) grade(name, 1);
  if (isList(raw.relevant)) for (const name of raw.relevant) grade(name, 2);
  else for (const [name, value] of Object.entries(raw.relevant)) grade(name, value);
  return { id: raw.id, text: raw.query, style: raw.style ?? 'all', relevant };
}

function isList(value: readonly string[] | Record<string, number>): value is readonly string[] {
  return Array.isArray(value);
}

/** Definitions of one kind below `plugins`. */
export function readDocuments(plugins: string, kind: Kind): SearchDocument[] {
  return readdirSync(plugins)
    .sort()
    .flatMap((plugin) => filesOf(join(plugins, plugin), kind).map((path) => ({ plugin, path })))
    .map(({ plugin, path }, precedence) => readDocument(plugin, path, kind, precedence))
    .filter((document) => document !== undefined);
}

function filesOf(plugin: string, kind: Kind): string[] {
  const folder = join(plugin, { agent: 'agents', skill: 'skills', workflow: 'commands' }[kind]);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .sort();
  const wanted =
    kind === 'skill'
      ? files.filter((file) => /^([^/]+\/)?[^/]+\/SKILL\.md$/.test(file) || !file.includes('/'))
      : files;
  return wanted.map((file) => join(folder, file));
}

function readDocument(
  plugin: string,
  path: string,
  kind: Kind,
  precedence: number,
): SearchDocument | undefined {
  const text = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
  const match = /^---\n([\s\S]*?)\n---[ \t]*(?:\n|$)/.exec(text);
  const head = match?.[1] ?? '';
  const body = match ? text.slice(match[0].length) : text;
  const fileName = basename(path) === 'SKILL.md' ? basename(resolve(path, '..')) : basename(path, '.md');
  if (!match && kind !== 'workflow') return undefined;
  const name = kind === 'workflow' ? fileName : (member(head, 'name') ?? fileName);
  const description = member(head, 'description') ?? firstParagraph(body);
  const contentHash = createHash('sha1').update(text).digest('hex');
  return {
    id: `${plugin}:${name}`,
    name,
    plugin,
    description,
    capabilities: list(head, 'capabilities'),
    body,
    contentHash,
    precedence,
    model: member(head, 'model') ?? 'inherit',
  };
}

function member(head: string, key: string): string | undefined {
  const match = new RegExp(`^${key}:[ \\t]*(.*(?:\\n[ \\t]+.*)*)`, 'm').exec(head);
  if (!match) return undefined;
  const value = match[1].trim();
  if (value.startsWith('"') && value.endsWith('"')) {
    try {
      return JSON.parse(value) as string;
    } catch {
      return value.slice(1, -1);
    }
  }
  if (value.startsWith("'") && value.endsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  return value.replace(/^[>|][-+]?\s*\n/, '').replace(/\s+/g, ' ');
}

function list(head: string, key: string): string[] {
  const value = member(head, key) ?? '';
  return value
    .split(/(?:^|\s)-\s+|,/)
    .map((item) => item.replace(/^[\s'"[]+|[\s'"\]]+$/g, ''))
    .filter(Boolean);
}

/** The first heading and the first paragraph: what a command without frontmatter says of itself. */
function firstParagraph(body: string): string {
  const lines = body.split('\n').map((line) => line.trim());
  const heading = lines.find((line) => line.startsWith('#'))?.replace(/^#+\s*/, '') ?? '';
  const paragraph = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
  return [heading, paragraph].filter(Boolean).join('. ').slice(0, 600);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function readLines(path: string): RawQuery[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RawQuery);
}
