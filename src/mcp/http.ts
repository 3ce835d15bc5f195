/**
 * The protocol over HTTP: `/mcp` behind the same guard as every other route, and the metadata that tells clients how
 * to bring a key (RFC 9728). The protocol's server is built when the first request comes.
 */
import type { McpDoor, McpOptions } from './server.ts';

export interface McpHttpOptions extends Omit<McpOptions, 'onError'> {
  readonly log: {
    error(message: string, fields?: Record<string, unknown>): void;
    debug: McpHttpOptions['log']['error'];
  };
  /** Whether callers must bring a key. */
  readonly hasApiKey: boolean;
}

interface Mount {
  readonly path: string;
  readonly verbs: readonly string[];
  /** Answers without the key, too. */
  readonly open?: boolean;
  handle(request: Request, body: { readonly parsedBody?: unknown }): Promise<Response>;
}

export interface McpMounts {
  readonly mounts: readonly Mount[];
  /** Ends open streams, so that nothing holds up a server that stops. */
  close(): Promise<void>;
}

export const MCP_PATH = '/mcp';
const METADATA_PATH = '/.well-known/oauth-protected-resource';

export function createMcpMounts(options: McpHttpOptions): McpMounts {
  let door: Promise<McpDoor> | undefined;
  const onError = (error: Error): void => options.log.debug('mcp request refused', { error });
  const open = async (): Promise<McpDoor> =>
    (await import('./server.ts')).createMcpDoor({ ...options, onError });
  const opened = (): Promise<McpDoor> => {
    door ??= open();
    return door;
  };
  // A GET would open a stream of a session, and there are none: the door of HTTP answers 405.
  const mcp: Mount = {
    path: MCP_PATH,
    verbs: ['POST'],
    handle: async (request, body) => (await opened()).fetch(request, body),
  };
  return {
    mounts: options.hasApiKey ? [mcp, ...metadataMounts()] : [mcp],
    close: async () => (await door)?.close(),
  };
}

/** RFC 9728 §3.1: the path of the resource may follow the well-known one. */
function metadataMounts(): Mount[] {
  return [METADATA_PATH, `${METADATA_PATH}${MCP_PATH}`].map((path) => ({
    path,
    verbs: ['GET'],
    open: true,
    handle: async ({ url }) => Response.json(metadataOf(url)),
  }));
}

function metadataOf(url: string) {
  return {
    resource: new URL(MCP_PATH, url).href,
    resource_name: 'Callsheet',
    bearer_methods_supported: ['header'],
  };
}
