/**
 * From a socket to the handler and back; and how a server stops.
 *
 *   close: stop accepting ─► close idle connections ─► wait for answers under way, at most ten seconds ─► cut the rest
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { ErrorName } from '../protocol/errors.ts';
import { errorResponse } from '../protocol/jsonrpc.ts';
import type { HttpHandler } from './handler.ts';
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
  const server = createHttpServer(options.handler);
  await bound(server, host.replace(/^\[|\]$/g, ''), port);
  const { address, port: actual } = server.address() as AddressInfo;
  const name = isIPv6(address) ? `[${address}]` : address;
  return { url: `http://${name}:${actual}`, port: actual, close: () => closed(server, drainMs) };
}

function createHttpServer(handler: HttpHandler): Server {
  const serve = getRequestListener(
    (request, { incoming }) => handler(request, { address: incoming.socket?.remoteAddress ?? '' }),
    { hostname: 'localhost', errorHandler: () => illegibleResponse() },
  );
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 16 * 1024,
    },
    (incoming, outgoing) => void serve(incoming, outgoing),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', answerClientError);
  return server;
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

/** A connection becomes idle when its answer is through, so idle ones are looked for until none is left. */
function closed(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 25);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A request whose target or Host makes no URL never reaches the handler. */
function illegibleResponse(): Response {
  const body = JSON.stringify(errorResponse(null, 'invalid_request', 'Invalid request: bad target or Host'));
  return new Response(body, { status: 400, headers: ownHeaders() });
}

function ownHeaders(): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-correlation-id': randomUUID(),
    'x-content-type-options': 'nosniff',
  };
}

const clientErrors: Readonly<Record<string, readonly [status: string, name: ErrorName, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'invalid_request', 'headers too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'invalid_request', 'chunk extensions too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'invalid_request', 'the request took too long'],
};

/** What the HTTP parser could not read is answered by hand: there is no request to answer. */
function answerClientError(error: NodeJS.ErrnoException, stream: import('node:stream').Duplex): void {
  const socket = stream as Socket & { _httpMessage?: unknown };
  if (!socket.writable || socket._httpMessage || error.code === 'ECONNRESET') {
    socket.destroy(error);
    return;
  }
  const [status, name, why] = clientErrors[error.code ?? ''] ?? [
    '400 Bad Request',
    'invalid_request',
    'malformed HTTP',
  ];
  const body = JSON.stringify(errorResponse(null, name, `Invalid request: ${why}`));
  const headers = { ...ownHeaders(), connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
}
