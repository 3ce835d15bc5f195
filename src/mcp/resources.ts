/** Agents and workflows as resources: lists in pages, templates with completion, and their text. */
import type { McpServer, ReadResourceResult, Resource, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Definition } from '../protocol/entities.ts';
import { CallsheetError } from '../protocol/errors.ts';
import type { Service } from '../protocol/service.ts';
import type { Definitions } from './definitions.ts';
import { sortedBy } from './pages.ts';
import { cutText } from './projection.ts';
import type { Sdk } from './sdk.ts';
import { skillManifests } from './skills.ts';
import { idOf, partsOf, uriOf } from './uris.ts';

const schemes = ['agent', 'workflow'] as const;
type Scheme = (typeof schemes)[number];

const LONGEST_DESCRIPTION = 300;

/** Every agent and workflow, and the skills that are served by their extension; sorted by URI. */
export function listResources(definitions: Definitions): Resource[] {
  const named = schemes.flatMap((scheme) =>
    definitions.list(scheme).map(({ id, name, description }) => ({
      uri: uriOf(scheme, id),
      name: id,
      title: name,
      description: cutText(description, LONGEST_DESCRIPTION),
    })),
  );
  return sortedBy([...named, ...skillManifests(definitions)], ({ uri }) => uri);
}

/** Puts both templates on a server that is not connected yet. */
export function addTemplates(server: McpServer, sdk: Sdk, definitions: Definitions, service: Service): void {
  for (const scheme of schemes) {
    const title = scheme === 'agent' ? 'An agent' : 'A workflow';
    const description = `The definition of ${title.toLowerCase()} by plugin and name; project and user stand for those outside plugins.`;
    const metadata = { title, description, mimeType: 'text/markdown' };
    server.registerResource(`${scheme}s`, templateOf(scheme, sdk, definitions), metadata, (uri) =>
      readResource(sdk, scheme, uri.href, service),
    );
  }
}

function templateOf(scheme: Scheme, { ResourceTemplate }: Sdk, definitions: Definitions): ResourceTemplate {
  return new ResourceTemplate(`${scheme}://{plugin}/{name}`, {
    list: undefined,
    complete: {
      plugin: (typed) => startingWith(typed, partsListed(definitions, scheme, 'plugin')),
      name: (typed, context) => {
        const plugin = context?.arguments?.plugin;
        return startingWith(typed, partsListed(definitions, scheme, 'name', plugin));
      },
    },
  });
}

function partsListed(
  definitions: Definitions,
  scheme: Scheme,
  part: 'plugin' | 'name',
  plugin?: string,
): Iterable<string> {
  const parts = definitions.list(scheme).map(partsOf);
  return new Set(
    parts.filter((other) => plugin === undefined || other.plugin === plugin).map((other) => other[part]),
  );
}

/** What begins with the text comes before what holds it. */
function startingWith(typed: string, values: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  const fitting = [...values].filter((value) => value.toLowerCase().includes(wanted));
  const rank = (value: string): string => (value.toLowerCase().startsWith(wanted) ? '0' : '1') + value;
  return sortedBy(fitting, rank);
}

async function readResource(
  { ProtocolError, ProtocolErrorCode, ResourceNotFoundError }: Sdk,
  scheme: Scheme,
  uri: string,
  service: Service,
): Promise<ReadResourceResult> {
  const id = idOf(scheme, uri);
  if (id === undefined) throw new ResourceNotFoundError(uri);
  try {
    const definition = await service.getDefinition({ id, kind: scheme }, { door: 'mcp' });
    return { contents: [{ uri, ...textOf(definition) }] };
  } catch (thrown) {
    if (!(thrown instanceof CallsheetError)) throw thrown;
    if (thrown.kind === 'not_found' || thrown.kind === 'invalid_params') throw new ResourceNotFoundError(uri);
    throw new ProtocolError(ProtocolErrorCode.InternalError, thrown.message);
  }
}

/** The definition as a file: its head as JSON members, which are YAML too. */
function textOf({ path, frontmatter, body }: Definition): { mimeType: string; text: string } {
  if (/\.m?js$/i.test(path)) return { mimeType: 'text/javascript', text: body };
  const head = Object.entries(frontmatter).map(([key, value]) => `${keyOf(key)}: ${JSON.stringify(value)}\n`);
  const text = head.length === 0 ? body : `---\n${head.join('')}---\n\n${body}`;
  return { mimeType: 'text/markdown', text };
}

function keyOf(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) ? key : JSON.stringify(key);
}
