import type { SearchDocument } from './query.ts';

/** What is derived from a document is kept under this: 32 hex digits that change with anything it says. */
export function documentKey({
  name,
  description,
  capabilities,
  plugin = '',
  contentHash,
}: SearchDocument): string {
  const text = [name, plugin, description, capabilities.join('\t'), contentHash].join('\0');
  return starts.map((start) => hexHash(text, start)).join('');
}

/** FNV-1a from four starting points. The content hash in it is already well mixed. */
const starts = [0x811c9dc5, 0x01234567, 0x89abcdef, 0x5bd1e995].map((start) => start | 0);

function hexHash(text: string, start: number): string {
  let hash = start;
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193 + (start & 0xfe));
  return (hash >>> 0).toString(16).padStart(8, '0');
}
