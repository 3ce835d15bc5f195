/**
 * The server of the Model Context Protocol: one factory for every revision and every transport.
 *
 *   factory(context) → an instance for one request: tools, resources, prompts, skills over the same prebuilt lists
 *
 * Instances are cheap and keep nothing: there are no sessions, so a host may talk to one server after another.
 */
import type { McpHttpHandler, McpServer } from '@modelcontextprotocol/server';
import { CallsheetError } from '../protocol/errors.ts';
import type { Service } from '../protocol/service.ts';
import { callTool } from './call-tool.ts';
import type { Definitions } from './definitions.ts';
import { instructions } from './instructions.ts';
import { pageOf } from './pages.ts';
import { getPrompt, listPrompts } from './prompts.ts';
import { RELAY_HEADER } from './relay-header.ts';
import { addTemplates, listResources } from './resources.ts';
import { loadSdk, type Sdk } from './sdk.ts';
import { createSkills } from './skills.ts';
import { buildTools, methodOf } from './tools.ts';

export interface McpOptions {
  readonly service: Service;
  readonly definitions: Definitions;
  readonly version: string;
  /** Told of what went wrong outside of any call. */
  readonly onError: (error: Error) => void;
  /** Registers more on every instance, before it is connected: fixtures of tests. */
  readonly extend?: (server: McpServer, sdk: Sdk) => void;
}

/** How long a client may keep a list, in ms; a change is announced to who listens. */
const LIST_TTL_MS = 60_000;
const READ_TTL_MS = 10_000;
/** An open stream of notifications costs a few kilobytes. */
const MAX_SUBSCRIPTIONS = 100;

const cacheHints = {
  'server/discover': { ttlMs: 3_600_000, cacheScope: 'private' },
  'tools/list': { ttlMs: 3_600_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 3_600_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
  'resources/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
  'resources/read': { ttlMs: READ_TTL_MS, cacheScope: 'private' },
} as const;

export interface McpDoor {
  readonly fetch: McpHttpHandler['fetch'];
  /** Ends open streams. */
  close(): Promise<void>;
}

/** Loads the SDK. */
export async function createMcpDoor(options: McpOptions): Promise<McpDoor> {
  const sdk = await loadSdk();
  const handler = sdk.createMcpHandler(createFactory(sdk, options), {
    onerror: options.onError,
    maxSubscriptions: MAX_SUBSCRIPTIONS,
  });
  const unsubscribe = options.definitions.onChange(() => {
    handler.notify.resourcesChanged();
    handler.notify.promptsChanged();
  });
  return {
    fetch: handler.fetch,
    close: () => {
      unsubscribe();
      return handler.close();
    },
  };
}

function createFactory(sdk: Sdk, options: McpOptions) {
  const { service, definitions, version, extend } = options;
  const identity = { name: 'callsheet', title: 'Callsheet', version };
  const lists = createLists(definitions);
  const skills = createSkills(sdk, definitions);
  return ({ era, requestInfo }: { era: string; requestInfo?: Request }): McpServer => {
    const listChanged = era === 'modern' || requestInfo?.headers.has(RELAY_HEADER) === true;
    const server = new sdk.McpServer(identity, {
      instructions,
      cacheHints,
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged },
        prompts: { listChanged },
        completions: {},
      },
    });
    skills.attach(server);
    addTemplates(server, sdk, definitions, service);
    answerTools(server, sdk, lists, service);
    answerLists(server, sdk, lists, service);
    extend?.(server, sdk);
    return server;
  };
}

type Lists = ReturnType<typeof createLists>;

/** Built on first use, and again when the catalogue has changed. */
function createLists(definitions: Definitions) {
  const build = () => ({
    revision: definitions.revision(),
    resources: listResources(definitions),
    prompts: listPrompts(definitions),
  });
  let kept: ReturnType<typeof build> | undefined;
  const current = () => {
    if (kept?.revision !== definitions.revision()) kept = build();
    return kept;
  };
  return {
    tools: buildTools(),
    resources: () => current().resources,
    prompts: () => current().prompts,
  };
}

function answerTools(
  { server }: McpServer,
  { ProtocolError, ProtocolErrorCode }: Sdk,
  lists: Lists,
  service: Service,
) {
  server.setRequestHandler('tools/list', () => ({ tools: lists.tools as never }));
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) => {
    const { name, arguments: given = {} } = params;
    const method = methodOf(name);
    if (!method) {
      const known = lists.tools.map((tool) => tool.name).join(', ');
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name}: use ${known}`);
    }
    return callTool(service, name, method, given, { door: 'mcp', signal: mcpReq.signal });
  });
}

function answerLists({ server }: McpServer, sdk: Sdk, lists: Lists, service: Service): void {
  const { ProtocolError, ProtocolErrorCode } = sdk;
  const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  server.setRequestHandler('resources/list', ({ params }) => {
    const page = pageOf(lists.resources(), params?.cursor, ({ uri }) => uri);
    if (!page) throw invalid('Invalid cursor');
    const { items, ...next } = page;
    return { resources: [...items], ...next };
  });
  server.setRequestHandler('prompts/list', ({ params }) => {
    const page = pageOf(lists.prompts(), params?.cursor, ({ name }) => name);
    if (!page) throw invalid('Invalid cursor');
    const { items, ...next } = page;
    return { prompts: [...items], ...next };
  });
  server.setRequestHandler('prompts/get', async ({ params }) => {
    try {
      return await getPrompt(service, params.name, params.arguments?.arguments ?? '');
    } catch (thrown) {
      throw thrown instanceof CallsheetError ? invalid(thrown.message) : thrown;
    }
  });
}
