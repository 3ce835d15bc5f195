/** Keys of kept answers: equal questions about an equal catalogue have equal keys, and no others do. */

/** JSON with the members of every object sorted and those that are `undefined` left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** `revision` stands for everything but the parameters that an answer depends on. */
export function cacheKey(method: string, revision: string, params: unknown): string {
  return `${method}\n${revision}\n${canonicalJson(params)}`;
}
