/**
 * From a socket to the handler and back; and how a server stops.
 *
 *   close: stop accepting ─► close idle connections ─► wait for answers under way, at most ten seconds ─► cut the rest
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { isLoopback } from '../protocol/loopback.ts';
import { type Answer, isAnswer } from './answer.ts';
import { fromSocket } from './door-request.ts';
import type { Door } from './handler.ts';
import { answerIllegible } from './illegible.ts';

const DRAIN_MS = 10_000;
/** Slow clients: this long for the headers, this long for the whole request, this long between two requests. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 15_000;
const MAX_CONNECTIONS = 1_000;
/** A client that goes on sending after it was answered gets so long to read the answer. */
const LINGER_MS = 500;

export interface ListenOptions {
  readonly door: Door;
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
  const { server, connections } = createHttpServer(options.door);
  await bound(server, host.replace(/^\[|\]$/g, ''), port);
  const { address, port: actual } = server.address() as AddressInfo;
  const name = isIPv6(address) ? `[${address}]` : address;
  return { url: `http://${name}:${actual}`, port: actual, close: () => closed(server, connections, drainMs) };
}

function createHttpServer(door: Door): { server: Server; connections: Connections } {
  const server = createServer({
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16 * 1024,
    // The door's guard looks at Host, also where there is none or two.
    requireHostHeader: false,
    joinDuplicateHeaders: true,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const connections = new Connections(server);
  server.on('request', (incoming, outgoing) => {
    connections.entered(incoming.socket, outgoing);
    serve(door, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on('clientError', (error, socket) => answerIllegible(socket, error, connections.latest(socket)));
  return { server, connections };
}

async function serve(door: Door, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const answer = await door(fromSocket(incoming, outgoing));
  if (!incoming.complete) outgoing.once('finish', () => linger(incoming));
  if (isAnswer(answer)) send(answer, outgoing);
  else await pass(answer, outgoing);
}

/** Names and values one after the other, as they cross the wire. */
function send({ status, body, headers }: Answer, outgoing: ServerResponse): void {
  const raw: string[] = [];
  for (const name in headers) raw.push(name, headers[name]);
  if (body !== null) raw.push('content-length', String(Buffer.byteLength(body)));
  outgoing.writeHead(status, raw);
  outgoing.end(body ?? undefined);
}

/** What is mounted may answer in a stream, for as long as the caller listens. */
async function pass(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.flushHeaders();
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as WebStream), outgoing).catch(() => undefined);
}

/** What is still on its way is thrown away for a while: closing at once could take the answer from the client. */
function linger(incoming: IncomingMessage): void {
  incoming.resume();
  const cut = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
  incoming.once('close', () => clearTimeout(cut));
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
