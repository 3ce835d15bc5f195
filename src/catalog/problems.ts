/** Collects what is wrong with files while they are read. */
import type { Problem } from './entry.ts';
import type { Report } from './layout.ts';

export interface Problems {
  readonly report: Report;
  list(): Problem[];
}

/** One problem for each file and cause, in the order of files and lines. */
export function createProblems(): Problems {
  const found = new Map<string, Problem>();
  return {
    report: (root, file, { line, cause, remedy }) => {
      const key = `${root}\0${file}\0${cause}`;
      if (!found.has(key)) found.set(key, { root, file, ...(line !== undefined && { line }), cause, remedy });
    },
    list: () => [...found.values()].sort(byFileThenLine),
  };
}

function byFileThenLine(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}
