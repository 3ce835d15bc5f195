/** Order of versions as semver.org 2.0.0 §11 has it, tolerant of names that are no versions. */

/** The newest of these names, a release before its pre-releases; names that are no versions come last. */
export function newestVersion(names: readonly string[]): string | undefined {
  return [...names].sort(compareVersions).at(-1);
}

/** Negative where `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return (left ? 1 : 0) - (right ? 1 : 0) || (a < b ? -1 : Number(a > b));
  for (let i = 0; i < Math.max(left.core.length, right.core.length); i++) {
    const difference = (left.core[i] ?? 0) - (right.core[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePre(left.pre, right.pre);
}

interface Version {
  readonly core: readonly number[];
  readonly pre: readonly string[];
}

function parse(name: string): Version | undefined {
  const match = /^v?(\d+(?:\.\d+){0,3})(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(name);
  return match ? { core: match[1].split('.').map(Number), pre: match[2]?.split('.') ?? [] } : undefined;
}

function comparePre(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return Number(left.length === 0) - Number(right.length === 0);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const a = left[i];
    const b = right[i];
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    if (a === b) continue;
    const numbers = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (numbers[0] && numbers[1]) return Number(a) - Number(b);
    if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}
