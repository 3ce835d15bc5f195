/** Workflows: any `commands/…/*.md`, with or without a head, and `workflows/*.js` that export their `meta`. */
import { fileName } from './agents.ts';
import { deriveCapabilities } from './capabilities.ts';
import { describe } from './describe.ts';
import { listField, rawField, textField } from './fields.ts';
import { type Draft, isScript, type Kind, type SourceText } from './kind.ts';
import { readScriptMeta } from './script-meta.ts';
import { extractSteps, findMentions } from './steps.ts';
import { caps, cleanLine } from './text.ts';

export const commands: Kind = {
  kind: 'workflow',
  folders: ['commands'],
  accepts: (within) => /\.md$/i.test(within),
  toDraft: commandDraft,
  precedence: ['project', 'user', 'plugin', 'builtin'],
};

/** Scripts, and documents with a head. */
export const scripts: Kind = {
  kind: 'workflow',
  folders: ['workflows'],
  accepts: (within) => /\.(md|m?js)$/i.test(within),
  toDraft: (file) => (isScript(file.within) ? scriptDraft(file) : documentDraft(file)),
  precedence: commands.precedence,
};

function commandDraft({ within, frontmatter, body, bodyLine }: SourceText): Draft {
  const name = qualified(within, textField(frontmatter, 'name', caps.name) || fileName(within));
  const description = textField(frontmatter, 'description', caps.description) || describe(body, name);
  const argument = rawField(frontmatter, ['argument-hint', 'arguments', 'argument_hint'], caps.argument);
  const model = textField(frontmatter, 'model', caps.model);
  const given = listField(frontmatter, ['keywords', 'tags', 'capabilities']);
  return {
    name,
    description,
    capabilities: given.length > 0 ? given : deriveCapabilities({ name, description, body }),
    steps: extractSteps(body),
    mentions: findMentions(body, bodyLine),
    ...(model !== '' && { model }),
    ...(argument !== '' && { arguments: argument }),
  };
}

/** Under `workflows/` only a file with a head is one: notes lie there too. */
function documentDraft(file: SourceText): Draft | undefined {
  const { name, description } = file.frontmatter;
  return name === undefined && description === undefined ? undefined : commandDraft(file);
}

function scriptDraft({ within, body, bodyLine }: SourceText): Draft | undefined {
  const meta = readScriptMeta(body);
  if (!meta) return undefined;
  const name = qualified(within, textField(meta, 'name', caps.name) || fileName(within));
  const hint = textField(meta, 'whenToUse', caps.description);
  const described = textField(meta, 'description', caps.description) || hint || name;
  const description = hint === '' || hint === described ? described : `${described} ${hint}`;
  const argument = rawField(meta, ['argument-hint', 'argumentHint', 'arguments', 'args'], caps.argument);
  const given = listField(meta, ['keywords', 'tags', 'capabilities']);
  return {
    name,
    description,
    capabilities: given.length > 0 ? given : deriveCapabilities({ name, description, body: '' }),
    steps: phasesOf(meta.phases ?? meta.steps),
    mentions: findMentions(body, bodyLine),
    ...(argument !== '' && { arguments: argument }),
  };
}

function phasesOf(phases: unknown): NonNullable<Draft['steps']> {
  if (!Array.isArray(phases)) return [];
  return phases.slice(0, 60).flatMap((phase: unknown) => {
    const fields =
      typeof phase === 'object' && phase !== null ? (phase as SourceText['frontmatter']) : { title: phase };
    const title = ['title', 'name', 'label']
      .map((key) => textField(fields, key, caps.title))
      .find((text) => text);
    const detail = textField(fields, 'detail', caps.title) || textField(fields, 'description', caps.title);
    if (!title) return [];
    const agents = listField(fields, ['agents', 'agent']).map((agent) => ({ agent }));
    return [
      {
        title,
        mentions: [...agents, ...findMentions(detail)],
        parallel: fields.parallel === true || /parallel/i.test(detail),
      },
    ];
  });
}

/** A command in a folder carries it: `sub/name`. */
function qualified(within: string, name: string): string {
  const folder = within.includes('/') ? within.slice(0, within.lastIndexOf('/')) : '';
  const above = cleanLine(folder, caps.name);
  return above === '' ? name : `${above}/${name}`;
}
