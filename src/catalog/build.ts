/**
 * One run from files to a snapshot.
 *
 *   roots ─► layout ─► scan ─► parse (only what changed) ─► assemble ─► search indexes ─► Snapshot
 *                                 ▲                                        ▲
 *                            parse cache                              vector cache
 *
 * No piece of work holds the event loop for long.
 */
import { join } from 'node:path';
import type { Embedding } from '../search/semantic.ts';
import { fileName } from './agents.ts';
import { assemble, type Definition, type Registry } from './assemble.ts';
import type { Fault } from './frontmatter.ts';
import { type ParsedFile, parseFile, type SourceFile } from './parse.ts';
import { type CachedFile, cacheKey, createParseCache, type ParseCache } from './parse-cache.ts';
import { parseRegistry } from './roles.ts';
import { scan, shownPath } from './scan.ts';
import { portable, readText } from './scanner.ts';
import { createSearchIndexes } from './search-indexes.ts';
import { createPause } from './slice.ts';
import { createSnapshot, type Problem, type Snapshot } from './snapshot.ts';
import { type Layout, layOut, type Report, type Root } from './sources.ts';

export interface BuilderOptions {
  readonly roots: readonly Root[];
  readonly embedding?: Embedding;
  readonly cacheDirectory?: string;
  readonly clock: () => number;
  readonly now?: () => number;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void };
}

/** A function that reads the catalogue as it is now; calls must not overlap. */
export function createBuilder(options: BuilderOptions): () => Promise<Snapshot> {
  const file = (name: string): string | undefined =>
    options.cacheDirectory && join(options.cacheDirectory, name);
  const cache = createParseCache(file('catalogue.cache'));
  const search = createSearchIndexes({ ...options, vectorFile: file('vectors.cache') });
  return async () => {
    const pause = createPause(options.clock);
    const problems = createProblems();
    const layout = await layOut(options.roots, (root, path, fault) =>
      problems.report(root, portable(root, path) || '.', fault),
    );
    const files = await scan(layout, problems.report);
    const { parsed, bodies } = await parseAll(files, layout, cache, options, pause);
    const definitions = definitionsOf(files, parsed, problems.report);
    const registries = await readRegistries(layout, problems.report);
    const assembly = await assemble(definitions, registries, problems.report, pause);
    const indexes = await search.build(assembly.entries, { bodies, realRoots: layout.realRoots, pause });
    const list = problems.list();
    return createSnapshot({ ...assembly, indexes, problems: list, realRoots: layout.realRoots });
  };
}

interface Problems {
  readonly report: Report;
  list(): Problem[];
}

/** One for each file and cause, in the order of files. */
function createProblems(): Problems {
  const found = new Map<string, Problem>();
  return {
    report: (root, file, { line, cause, remedy }) => {
      const key = `${root}\0${file}\0${cause}`;
      if (!found.has(key)) found.set(key, { root, file, ...(line !== undefined && { line }), cause, remedy });
    },
    list: () => [...found.values()].sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file))),
  };
}

/** Bodies of files read in this run are kept for the search index up to this size; others are read again. */
const BODIES_HELD = 4_000_000;
/** Files open at once. */
const AT_ONCE = 16;
/** A file this young may change again without its time or size showing it: 2 s, the coarsest clock of a file system. */
const TOO_YOUNG = 2000;

interface ParsedFiles {
  /** In the order of the files. */
  readonly parsed: readonly ParsedFile[];
  /** Content hash → body. */
  readonly bodies: ReadonlyMap<string, string>;
}

async function parseAll(
  files: readonly SourceFile[],
  layout: Layout,
  cache: ParseCache,
  options: BuilderOptions,
  pause: () => Promise<void>,
): Promise<ParsedFiles> {
  const known = await cache.load(pause);
  const scanned = (options.now ?? Date.now)();
  const parsed: ParsedFile[] = new Array(files.length);
  const bodies = new Map<string, string>();
  let held = 0;
  let read = 0;
  await eachBounded(files, AT_ONCE, async (file, i) => {
    const before = known.get(cacheKey(file));
    if (before && before.size === file.size && before.mtimeMs === file.mtimeMs) {
      parsed[i] = before.parsed;
      return;
    }
    const fresh = await parseFile(file, layout.realRoots);
    parsed[i] = fresh.parsed;
    read++;
    if (held < BODIES_HELD) bodies.set(fresh.parsed.contentHash, fresh.body);
    held += fresh.body.length;
    await pause();
  });
  if (read > 0 || known.size !== files.length) {
    const kept = new Map<string, CachedFile>();
    files.forEach((file, i) => {
      const settled = scanned - file.mtimeMs > TOO_YOUNG;
      kept.set(cacheKey(file), { size: file.size, mtimeMs: settled ? file.mtimeMs : -1, parsed: parsed[i] });
    });
    await cache.save(kept, pause).catch((error: unknown) => {
      options.log?.warn('the parse cache could not be written', { error: String(error) });
    });
  }
  return { parsed, bodies };
}

/** Runs `work` over all items, `width` of them at a time. */
async function eachBounded<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) await work(items[i], i);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

function definitionsOf(
  files: readonly SourceFile[],
  parsed: readonly ParsedFile[],
  report: Report,
): Definition[] {
  return files.flatMap((file, i) => {
    const { draft, faults, contentHash } = parsed[i];
    const path = shownPath(file);
    for (const fault of faults) report(file.source.root, path, fault);
    return draft ? [{ source: file.source, path, fileName: nameInPath(file), draft, contentHash }] : [];
  });
}

/** What people call a definition by its place: the file's name, or the folder's of a skill. */
function nameInPath({ within, source }: SourceFile): string {
  const parts = within.split('/');
  return source.kind.unit?.(parts.at(-1) ?? '') ? (parts.at(-2) ?? '') : fileName(within);
}

async function readRegistries(layout: Layout, report: Report): Promise<Registry[]> {
  const registries: Registry[] = [];
  for (const { root, path } of layout.registries) {
    const read = await readText(path, layout.realRoots);
    const file = portable(root, path);
    if (read.text === undefined) {
      if (!isAbsent(read.fault)) report(root, file, read.fault);
      continue;
    }
    const { roles, faults } = parseRegistry(read.text);
    for (const fault of faults) report(root, file, fault);
    registries.push({ root, file, text: read.text, roles });
  }
  return registries;
}

const isAbsent = ({ absent }: Fault): boolean => absent === true;
