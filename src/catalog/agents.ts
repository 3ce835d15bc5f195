/** Agents: `agents/…/*.md` with a head that names or describes them. */
import { deriveCapabilities } from './capabilities.ts';
import { describe } from './describe.ts';
import { listField, textField } from './fields.ts';
import type { Draft, Kind, SourceText } from './kind.ts';
import { caps, cleanLine } from './text.ts';

export const agents: Kind = {
  kind: 'agent',
  folders: ['agents'],
  accepts: (within) => within.toLowerCase().endsWith('.md'),
  toDraft,
  precedence: ['project', 'user', 'plugin', 'builtin'],
};

function toDraft({ within, frontmatter, body }: SourceText): Draft | undefined {
  const written = textField(frontmatter, 'name', caps.name);
  const described = textField(frontmatter, 'description', caps.description);
  if (written === '' && described === '') return undefined;
  const name = written || fileName(within);
  const description = described || describe(body, name);
  const model = textField(frontmatter, 'model', caps.model);
  const given = listField(frontmatter, ['capabilities', 'tags', 'keywords']);
  const capabilities = given.length > 0 ? given : deriveCapabilities({ name, description, body });
  return { name, description, capabilities, ...(model !== '' && { model }) };
}

/** The name a file's path gives: `sub/code-reviewer.md` → `code-reviewer`. */
export function fileName(within: string): string {
  const base = within.slice(within.lastIndexOf('/') + 1);
  return cleanLine(base.replace(/\.(md|m?js)$/i, ''), caps.name);
}
