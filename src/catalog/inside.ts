/** Paths that must not leave their root, and paths as people read them. */
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether `path` is `root` or lies below it; both absolute and real. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether `path` lies in one of the roots. */
export function isInsideAny(roots: readonly string[], path: string): boolean {
  return roots.some((root) => isInside(root, path));
}

/** Relative to `root`, with `/` on every platform; `.` for the root itself. */
export function portable(root: string, absolute: string): string {
  // Thousands of files a start: those that plainly lie below need no looking at.
  if (sep === '/' && absolute.startsWith(`${root}/`) && !/\/(\.|\/|$)/.test(absolute))
    return absolute.slice(root.length + 1);
  return relative(root, absolute).split(sep).join('/') || '.';
}

/** A path written in a manifest, resolved below `base`; undefined where it leaves it. */
export function below(base: string, written: string): string | undefined {
  if (isAbsolute(written) || /^[A-Za-z]:/.test(written) || written.includes('\0')) return undefined;
  const path = resolve(base, written.replaceAll('\\', '/'));
  return isInside(base, path) ? path : undefined;
}
