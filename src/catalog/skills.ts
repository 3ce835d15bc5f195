/** Skills: a folder with a `SKILL.md`, or a file right under `skills/`. What else lies in a skill's folder is its own. */
import { fileName } from './agents.ts';
import { deriveCapabilities } from './capabilities.ts';
import { describe } from './describe.ts';
import { isProse, listField, textField } from './fields.ts';
import type { Draft, Kind, SourceText } from './kind.ts';
import { caps, cleanLine } from './text.ts';

export const skills: Kind = {
  kind: 'skill',
  folders: ['skills'],
  accepts: (within) =>
    within.includes('/') ? isSkillFile(within.slice(within.lastIndexOf('/') + 1)) : /\.md$/i.test(within),
  unit: isSkillFile,
  toDraft,
  precedence: ['user', 'project', 'plugin', 'builtin'],
};

function isSkillFile(name: string): boolean {
  return name.toLowerCase() === 'skill.md';
}

function toDraft({ within, frontmatter, body }: SourceText): Draft | undefined {
  const written = textField(frontmatter, 'name', caps.name);
  const described = textField(frontmatter, 'description', caps.description);
  if (written === '' && described === '' && isProse(within)) return undefined;
  const name = written || nameOf(within);
  const description = described || describe(body, name);
  const given = listField(frontmatter, ['keywords', 'tags', 'triggers', 'capabilities']);
  const capabilities = given.length > 0 ? given : deriveCapabilities({ name, description, body });
  const category = categoryOf(frontmatter) || folderAbove(within);
  return { name, description, capabilities, ...(category !== '' && { category }) };
}

/** `skills/testing/tdd/SKILL.md` → `tdd`. */
function nameOf(within: string): string {
  const parts = within.split('/');
  return isSkillFile(parts.at(-1) ?? '') ? cleanLine(parts.at(-2) ?? 'skill', caps.name) : fileName(within);
}

function categoryOf(frontmatter: SourceText['frontmatter']): string {
  const { metadata } = frontmatter;
  const nested =
    typeof metadata === 'object' && metadata !== null ? (metadata as SourceText['frontmatter']) : {};
  return (
    textField(frontmatter, 'category', caps.tag) ||
    textField(nested, 'category', caps.tag) ||
    textField(nested, 'domain', caps.tag)
  );
}

/** Skills sorted into folders: `testing/tdd/SKILL.md` → `testing`. */
function folderAbove(within: string): string {
  const parts = within.split('/');
  return parts.length > 2 ? cleanLine(parts.at(-3) ?? '', caps.tag) : '';
}
