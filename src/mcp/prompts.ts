/** Workflows as prompts: the text of the workflow, with what the caller typed in the place of its arguments. */
import type { GetPromptResult, Prompt } from '@modelcontextprotocol/server';
import type { Service } from '../protocol/service.ts';
import type { Definitions, Listed } from './definitions.ts';
import { sortedBy } from './pages.ts';
import { cutText } from './projection.ts';

const LONGEST_DESCRIPTION = 300;

/** Every workflow, sorted by name. */
export function listPrompts(definitions: Definitions): Prompt[] {
  return sortedBy(definitions.list('workflow').map(promptOf), ({ name }) => name);
}

function promptOf({ id, name, description, arguments: hint }: Listed): Prompt {
  return {
    name: id,
    title: name,
    description: cutText(description, LONGEST_DESCRIPTION),
    arguments: [{ name: 'arguments', description: hint ?? 'what to work on', required: false }],
  };
}

/** @throws CallsheetError `not_found` */
export async function getPrompt(service: Service, id: string, typed: string): Promise<GetPromptResult> {
  const { body, frontmatter } = await service.getDefinition({ id, kind: 'workflow' }, { door: 'mcp' });
  const { description } = frontmatter;
  return {
    ...(typeof description === 'string' && { description }),
    messages: [{ role: 'user', content: { type: 'text', text: fill(body, typed) } }],
  };
}

/** `$ARGUMENTS` is everything that was typed, `$1` … `$9` its words; a text with neither gets it at its end. */
function fill(body: string, typed: string): string {
  const words = [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const places = /\$ARGUMENTS|\$([1-9])(?!\d)/g;
  const filled = body.replace(places, (_place, digit?: string) =>
    digit === undefined ? typed : (words[Number(digit) - 1] ?? ''),
  );
  if (typed === '' || filled !== body) return filled;
  return `${body}\n\nArguments: ${typed}\n`;
}
