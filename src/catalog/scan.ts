/** All files of a layout, each once, in the order of roots and paths. */
import { basename, dirname } from 'node:path';
import { portable } from './inside.ts';
import type { Layout, Report, Source } from './layout.ts';
import type { SourceFile } from './parse.ts';
import { type FoundFile, walk } from './scanner.ts';

/** Walks every source. A file that several sources of one owner reach, by links too, belongs to the first. */
export async function scan(
  layout: Layout,
  report: Report,
  pause: () => Promise<void>,
): Promise<SourceFile[]> {
  const once = new Map<string, SourceFile>();
  for (const source of layout.sources) {
    for (const file of await scanSource(source, layout, report, pause)) {
      const key = `${source.kind.kind}\0${source.plugin?.name ?? ''}\0${file.real}`;
      if (!once.has(key)) once.set(key, { ...file, source });
    }
  }
  await pause();
  return [...once.values()].sort(byRootThenPath(layout));
}

function byRootThenPath({ sources }: Layout): (a: SourceFile, b: SourceFile) => number {
  const order = new Map<string, number>();
  for (const { root } of sources) if (!order.has(root)) order.set(root, order.size);
  const rankOf = (file: SourceFile): number => order.get(file.source.root) ?? 0;
  return (a, b) => rankOf(a) - rankOf(b) || (a.absolute < b.absolute ? -1 : Number(a.absolute > b.absolute));
}

async function scanSource(
  source: Source,
  { realRoots }: Layout,
  report: Report,
  pause: () => Promise<void>,
): Promise<FoundFile[]> {
  const { kind, path, root } = source;
  const files = await walk(path, {
    roots: realRoots,
    real: source.real,
    wants: (within) => kind.accepts(within) || kind.unit?.(within) === true,
    unit: kind.unit,
    pause,
    startMayBeUnit: !kind.folders.includes(basename(path)),
    onFault: (file, fault) => report(root, portable(root, file), fault),
  });
  return files.map((file) => named(source, file));
}

/** A unit's folder may itself be the source, or its file: the folder's name is the definition's. */
function named({ kind, path }: Source, file: FoundFile): FoundFile {
  if (!kind.unit?.(file.within)) return file;
  const folder = file.absolute === path ? dirname(path) : path;
  return { ...file, within: `${basename(folder)}/${file.within}` };
}

/** Where a source file lies as people read it. */
export function shownPath({ source, absolute }: SourceFile): string {
  return portable(source.root, absolute);
}
