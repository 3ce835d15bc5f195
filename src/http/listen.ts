/**
 * From a socket to the handler and back; and how a server stops.
 *
 *   close: stop accepting ─► close idle connections ─► wait for answers under way, at most ten seconds ─► cut the rest
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { HttpHandler } from './handler.ts';
import { answerIllegible, illegibleResponse } from './illegible.ts';
import { isLoopback } from './loopback.ts';

const DRAIN_MS = 10_000;
/** Slow clients: this long for the headers, this long for the whole request, this long between two requests. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 15_000;
const MAX_CONNECTIONS = 1_000;

export interface ListenOptions {
  readonly handler: HttpHandler;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Whether callers must bring a key; without one only loopback is listened on. */
  readonly hasApiKey: boolean;
  readonly drainMs?: number;
}

export interface Listening {
  /** Of the address it is bound to, without a final slash. */
  readonly url: string;
  readonly port: number;
  /** Resolves when no connection is left. */
  close(): Promise<void>;
}

/** Could not listen; `code` is the system's (`EADDRINUSE`), or `NO_API_KEY`. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @throws ListenError */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, port, hasApiKey, drainMs = DRAIN_MS } = options;
  if (!hasApiKey && !isLoopback(host)) {
    throw new ListenError(
      `will not listen on ${host} without an API key: anybody who reaches it could ask. ` +
        'Set CALLSHEET_API_KEY, or listen on 127.0.0.1',
      'NO_API_KEY',
    );
  }
  const { server, connections } = createHttpServer(options.handler);
  await bound(server, host.replace(/^\[|\]$/g, ''), port);
  const { address, port: actual } = server.address() as AddressInfo;
  const name = isIPv6(address) ? `[${address}]` : address;
  return { url: `http://${name}:${actual}`, port: actual, close: () => closed(server, connections, drainMs) };
}

function createHttpServer(handler: HttpHandler): { server: Server; connections: Connections } {
  const serve = getRequestListener(
    (request, { incoming }) => handler(request, { address: incoming.socket?.remoteAddress ?? '' }),
    { hostname: 'localhost', errorHandler: illegibleResponse },
  );
  const server = createServer({
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const connections = new Connections(server);
  server.on('request', (incoming, outgoing) => {
    connections.entered(incoming.socket, outgoing);
    void serve(incoming, outgoing);
  });
  server.on('clientError', (error, socket) => answerIllegible(socket, error, connections.latest(socket)));
  return { server, connections };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const why: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is taken; choose another with --port, or --port 0 for any free one`,
    EACCES: `listening on port ${port} needs more rights; choose one above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
    ENOTFOUND: `the host name ${host} is not known`,
  };
  const code = error.code ?? 'UNKNOWN';
  return new ListenError(why[code] ?? `cannot listen on ${host}:${port} (${code})`, code, { cause: error });
}

function closed(server: Server, connections: Connections, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => connections.destroyIdle(), 25);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    connections.destroyIdle();
  });
}

/** Which connections are open, and what each is busy with. Node's own idea of idle leaves out those that never asked. */
class Connections {
  readonly #latest = new Map<Duplex, ServerResponse | undefined>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#latest.set(socket, undefined);
      socket.once('close', () => this.#latest.delete(socket));
    });
  }

  /** Answers on one connection end in order: when its latest is through, all are. */
  entered(socket: Duplex, response: ServerResponse): void {
    if (this.#latest.has(socket)) this.#latest.set(socket, response);
  }

  latest(socket: Duplex): ServerResponse | undefined {
    return this.#latest.get(socket);
  }

  destroyIdle(): void {
    for (const [socket, response] of this.#latest) {
      if (response === undefined || response.writableFinished) socket.destroy();
    }
  }
}
