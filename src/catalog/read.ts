/**
 * From roots to a settled catalogue, everything but the search indexes.
 *
 *   roots ─► layout ─► scan ─► parse (only what changed) ─► assemble
 *                                 ▲
 *                            parse cache
 *
 * No piece of work holds the event loop for long.
 */
import { fileName } from './agents.ts';
import { type Assembly, assemble, type Definition, type Registry } from './assemble.ts';
import { COARSEST_CLOCK } from './changed-since.ts';
import type { Problem } from './entry.ts';
import { portable } from './inside.ts';
import { eachBounded } from './lanes.ts';
import type { Layout, Report, Root } from './layout.ts';
import { type ParsedFile, parseFile, type SourceFile } from './parse.ts';
import { type CachedFile, cacheKey, type ParseCache } from './parse-cache.ts';
import { createProblems } from './problems.ts';
import { readText } from './read-text.ts';
import { parseRegistry } from './roles.ts';
import { scan, shownPath } from './scan.ts';
import { layOut } from './sources.ts';

export interface ReadOptions {
  readonly roots: readonly Root[];
  readonly cache: ParseCache;
  /** Lets others run, called often. */
  readonly pause: () => Promise<void>;
  /** Milliseconds since the epoch, on the clock the file system uses. */
  readonly now: () => number;
  readonly log?: { warn(message: string, fields?: Record<string, unknown>): void } | undefined;
}

/** What the roots hold now. */
export interface Reading extends Assembly {
  /** When it began, in milliseconds since the epoch. */
  readonly readAt: number;
  readonly problems: readonly Problem[];
  /** Real paths of the roots. */
  readonly realRoots: readonly string[];
  /** The body of a definition by its content hash. */
  readonly bodyOf: (contentHash: string) => Promise<string>;
  /** Files that had to be read: new ones and changed ones. */
  readonly filesRead: number;
}

/** Never rejects for what lies in a root; whatever is wrong there is a problem of the reading. */
export async function readCatalogue(options: ReadOptions): Promise<Reading> {
  const { report, list } = createProblems();
  // Taken before anything is looked at: a file is settled only if it was old by then.
  const startedAt = options.now();
  const layout = await layOut(options.roots, report, options.pause);
  const files = await scan(layout, report, options.pause);
  const results = await parseAll(files, layout, startedAt, options);
  const definitions = await definitionsOf(files, results.parsed, report, options.pause);
  const registries = await readRegistries(layout, report);
  const assembly = await assemble(definitions, registries, report, options.pause);
  const { realRoots } = layout;
  const bodyOf = bodyReader(files, results, realRoots);
  return {
    ...assembly,
    readAt: startedAt,
    problems: list(),
    realRoots,
    bodyOf,
    filesRead: results.filesRead,
  };
}

/** Bodies read in this run are kept for the search index up to this many units; others are read again. */
const BODIES_HELD = 4_000_000;
/** Files open at once. */
const AT_ONCE = 16;
interface ParsedFiles {
  /** In the order of the files. */
  readonly parsed: readonly ParsedFile[];
  /** Content hash → body, of files read in this run as far as they fit. */
  readonly held: ReadonlyMap<string, string>;
  readonly filesRead: number;
}

async function parseAll(
  files: readonly SourceFile[],
  layout: Layout,
  startedAt: number,
  { cache, pause, log }: ReadOptions,
): Promise<ParsedFiles> {
  const known = await cache.load(pause);
  const parsed: ParsedFile[] = new Array(files.length);
  const held = new Map<string, string>();
  let units = 0;
  let filesRead = 0;
  await eachBounded(files, AT_ONCE, async (file, i) => {
    const before = known.get(cacheKey(file));
    if (before && before.size === file.size && before.changedMs === file.changedMs) {
      parsed[i] = before.parsed;
      return;
    }
    const fresh = await parseFile(file, layout.realRoots, pause);
    parsed[i] = fresh.parsed;
    filesRead++;
    units += fresh.body.length;
    if (units < BODIES_HELD) held.set(fresh.parsed.contentHash, fresh.body);
  });
  if (filesRead > 0 || known.size !== files.length) {
    await cache.save(toKeep(files, parsed, startedAt), pause).catch((error: unknown) => {
      log?.warn('the parse cache could not be written', { error: String(error) });
    });
  }
  return { parsed, held, filesRead };
}

/** Bodies by content hash: those just read, others read again. */
function bodyReader(
  files: readonly SourceFile[],
  { parsed, held }: ParsedFiles,
  realRoots: readonly string[],
): (contentHash: string) => Promise<string> {
  const places = new Map(files.map((file, i) => [parsed[i].contentHash, { file, bodyAt: parsed[i].bodyAt }]));
  return async (contentHash) => {
    const body = held.get(contentHash);
    const place = places.get(contentHash);
    if (body !== undefined || !place) return body ?? '';
    const { text = '' } = await readText(place.file.absolute, realRoots, place.file.real);
    return text.slice(place.bodyAt);
  };
}

function toKeep(
  files: readonly SourceFile[],
  parsed: readonly ParsedFile[],
  startedAt: number,
): Map<string, CachedFile> {
  return new Map(
    files.map((file, i) => {
      // What could not be read may be readable next time without the file having changed.
      // One as young as this may change again without its time or size showing it.
      const settled = startedAt - file.changedMs > COARSEST_CLOCK && parsed[i].contentHash !== '';
      const kept = { size: file.size, changedMs: settled ? file.changedMs : -1, parsed: parsed[i] };
      return [cacheKey(file), kept];
    }),
  );
}

async function definitionsOf(
  files: readonly SourceFile[],
  parsed: readonly ParsedFile[],
  report: Report,
  pause: () => Promise<void>,
): Promise<Definition[]> {
  const definitions: Definition[] = [];
  for (const [i, file] of files.entries()) {
    const { draft, faults, contentHash } = parsed[i];
    const path = shownPath(file);
    // A file that went away since it was found is no problem.
    for (const fault of faults) if (!fault.absent) report(file.source.root, path, fault);
    if (draft)
      definitions.push({ source: file.source, path, fileName: nameInPath(file), draft, contentHash });
    await pause();
  }
  return definitions;
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
      if (!read.fault.absent) report(root, file, read.fault);
      continue;
    }
    const { roles, faults } = parseRegistry(read.text);
    for (const fault of faults) report(root, file, fault);
    registries.push({ root, file, text: read.text, roles });
  }
  return registries;
}
