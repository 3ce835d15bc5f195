/** All files of a layout, each once, in the order of roots and paths. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SourceFile } from './parse.ts';
import { type FoundFile, portable, walk } from './scanner.ts';
import type { Layout, Report, Source } from './sources.ts';

/** Walks every source. What lies in two sources of one kind belongs to the first. */
export async function scan(layout: Layout, report: Report): Promise<SourceFile[]> {
  const found = await Promise.all(layout.sources.map((source) => scanSource(source, layout, report)));
  const once = new Map<string, SourceFile>();
  layout.sources.forEach((source, i) => {
    for (const file of found[i]) {
      const key = `${source.kind.kind}\0${file.absolute}\0${source.kind.folders.includes('skills') ? (source.plugin?.name ?? '') : ''}`;
      if (!once.has(key)) once.set(key, { ...file, source });
    }
  });
  return [...once.values()].sort(byRootThenPath(layout));
}

function byRootThenPath({ sources }: Layout): (a: SourceFile, b: SourceFile) => number {
  const order = new Map<string, number>();
  for (const { root } of sources) if (!order.has(root)) order.set(root, order.size);
  const rankOf = (file: SourceFile): number => order.get(file.source.root) ?? 0;
  return (a, b) => rankOf(a) - rankOf(b) || (a.absolute < b.absolute ? -1 : 1);
}

async function scanSource(source: Source, layout: Layout, report: Report): Promise<FoundFile[]> {
  const about = await stat(source.path).catch(() => undefined);
  if (!about) return [];
  if (about.isFile()) return single(source, about.size, about.mtimeMs);
  const files = await walk(source.path, {
    roots: layout.realRoots,
    wants: source.kind.accepts,
    ...(source.kind.unit && { unit: source.kind.unit }),
    onFault: (file, fault) => report(source.root, portable(source.root, file), fault),
  });
  return files.map((file) => named(source, file));
}

/** A manifest may name a file instead of a folder. */
function single({ kind, path }: Source, size: number, mtimeMs: number): FoundFile[] {
  const name = basename(path);
  if (kind.unit?.(name))
    return [{ absolute: path, within: `${basename(dirname(path))}/${name}`, size, mtimeMs }];
  return kind.accepts(name) ? [{ absolute: path, within: name, size, mtimeMs }] : [];
}

/** A skill's folder may itself be a source: its name is the skill's. */
function named({ kind, path }: Source, file: FoundFile): FoundFile {
  return kind.unit?.(file.within) ? { ...file, within: `${basename(path)}/${file.within}` } : file;
}

/** Where a source file lies as people read it. */
export function shownPath({ source, absolute }: SourceFile): string {
  return portable(source.root, join(absolute));
}
