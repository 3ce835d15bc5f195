/** One file of a source, from bytes to a draft. */
import { createHash } from 'node:crypto';
import { isProse } from './fields.ts';
import { type Fault, parseFrontmatter } from './frontmatter.ts';
import { type Draft, isScript, type Kind } from './kind.ts';
import type { Source } from './layout.ts';
import { readText } from './read-text.ts';
import type { FoundFile } from './scanner.ts';
import { lineAt } from './text.ts';

/** A file that was found in a source. */
export interface SourceFile extends FoundFile {
  readonly source: Source;
}

/** What a file came to; kept between runs as long as the file does not change. */
export interface ParsedFile {
  /** Of the file's bytes and its name, 32 hex digits; '' where it could not be read. */
  readonly contentHash: string;
  /** Absent: no definition. */
  readonly draft?: Draft;
  /** Where the body starts in the file's text, in UTF-16 units. */
  readonly bodyAt: number;
  readonly faults: readonly Fault[];
}

export interface Parse {
  readonly parsed: ParsedFile;
  /** The text after the head, for the search index; '' where there is no draft. */
  readonly body: string;
}

/** Reads and parses one file. Never throws. `pause` is called between the two. */
export async function parseFile(
  file: SourceFile,
  roots: readonly string[],
  pause: () => Promise<void>,
): Promise<Parse> {
  const read = await readText(file.absolute, roots, file.real);
  if (read.text === undefined)
    return { parsed: { contentHash: '', bodyAt: 0, faults: [read.fault] }, body: '' };
  await pause();
  const { text, bytes, fault } = read;
  const { kind } = file.source;
  const { frontmatter, body, headed, faults } = isScript(file.within)
    ? scriptText(text)
    : parseFrontmatter(text);
  const bodyAt = text.length - body.length;
  const bodyLine = lineAt(text, bodyAt);
  const draft = kind.toDraft({ within: file.within, frontmatter, body, bodyLine });
  const lacks = draft ? missingFields(kind, frontmatter) : noDefinition(kind, file.within, headed);
  const parsed = {
    contentHash: hashOf(bytes, draft?.name ?? file.within),
    bodyAt,
    ...(draft && { draft: unshared(draft) }),
    faults: [...(fault ? [fault] : []), ...faults, ...lacks],
  };
  return { parsed, body: draft ? body : '' };
}

/** Scripts have no head; what they say of themselves is read from their text. */
function scriptText(text: string): ReturnType<typeof parseFrontmatter> {
  return { frontmatter: {}, body: text, headed: true, faults: [] };
}

/** Pieces of a text keep the whole of it in memory; copies do not. */
function unshared(draft: Draft): Draft {
  return JSON.parse(JSON.stringify(draft)) as Draft;
}

/** Two files with the same bytes may have different names from their paths. */
function hashOf(bytes: Uint8Array, name: string): string {
  return createHash('sha256').update(name).update('\0').update(bytes).digest('hex').slice(0, 32);
}

/** Commands need no head; agents and skills are not loaded without one, so their owner should know. */
function missingFields({ kind }: Kind, frontmatter: Readonly<Record<string, unknown>>): Fault[] {
  if (kind === 'workflow') return [];
  const missing = kind === 'agent' ? ['name', 'description'] : ['description'];
  return missing
    .filter(
      (field) => frontmatter[field] === undefined || frontmatter[field] === null || frontmatter[field] === '',
    )
    .map((field) => ({
      line: 1,
      cause: `The ${kind} has no ${field}.`,
      remedy: `Add a ${field} to its frontmatter; meanwhile one is taken from ${field === 'name' ? 'its path' : 'its text'}.`,
    }));
}

function noDefinition({ kind, folders }: Kind, within: string, headed: boolean): Fault[] {
  if (folders.includes('workflows')) return isScript(within) ? [noMeta] : [];
  // A README among agents is what it looks like.
  if (!headed && isProse(within)) return [];
  return [
    {
      line: 1,
      cause: headed
        ? `Its frontmatter has neither name nor description, so it is no ${kind}.`
        : `It has no frontmatter, so it is no ${kind}.`,
      remedy: `Start the file with --- and the fields name and description, or move it out of ${folders[0]}/.`,
    },
  ];
}

const noMeta: Fault = {
  cause: 'The script has no "export const meta = { … }" that can be read without running it.',
  remedy: 'Export meta as a plain object with name and description at the top of the script.',
};
