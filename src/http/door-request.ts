/**
 * A request as the door reads it. Behind it is either what Node's parser gives, which is the usual case and the
 * cheap one, or a `Request` of a caller in this process. `Request` and `Response` of the platform cost eight
 * megabytes once they are touched, so the way over the socket does without them; what is mounted gets a real one.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Refusal } from './answer.ts';

export const MAX_BODY_BYTES = 1024 * 1024;

export interface DoorRequest {
  readonly method: string;
  /** Path and query as sent, beginning with `/`. */
  readonly target: string;
  /** Of the caller; empty for one in this process. */
  readonly address: string;
  /** Values of a header that was sent several times are joined by commas. @param name lower case */
  header(name: string): string | null;
  hasBody(): boolean;
  /** @throws Refusal 413 for more than a mebibyte, 400 where the body ends early */
  bytes(): Promise<Uint8Array>;
  /** @param body what was read of it already */
  toRequest(body?: string): Request;
}

export function tooLarge(): Refusal {
  return new Refusal('invalid_request', `Invalid request: the body is larger than ${MAX_BODY_BYTES} bytes`, {
    status: 413,
    // What was not read must not be taken for the next request.
    headers: { connection: 'close' },
  });
}

/** Undefined for a request whose target or Host makes no URL. */
export function fromSocket(incoming: IncomingMessage): DoorRequest | undefined {
  const target = targetOf(incoming.url ?? '');
  const host = headerOf(incoming, 'host');
  // A comma: several were sent, and the guard refuses them by name.
  if (target === undefined || !/^[^\s/@?#\\]*$/.test((host ?? '').replaceAll(', ', ','))) return undefined;
  const { method = 'GET' } = incoming;
  return {
    method,
    target,
    address: incoming.socket?.remoteAddress ?? '',
    header: (name) => headerOf(incoming, name),
    hasBody: () => {
      const length = incoming.headers['content-length'];
      return length === undefined ? incoming.headers['transfer-encoding'] !== undefined : length !== '0';
    },
    bytes: () => bounded(incoming),
    toRequest: (body) => requestOf(incoming, `http://${host ?? 'localhost'}${target}`, body),
  };
}

/** A target is a path, or for proxies a whole URL. */
function targetOf(url: string): string | undefined {
  const path = url.startsWith('/') ? url : /^https?:\/\/[^/?#]*(\/.*)?$/i.exec(url)?.[1];
  return path?.split('#', 1)[0];
}

/** Node drops the second of some headers; a guard must see it. */
function headerOf({ headers, rawHeaders }: IncomingMessage, name: string): string | null {
  const value = headers[name];
  if (name !== 'host') return Array.isArray(value) ? value.join(', ') : (value ?? null);
  const all = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1].toLowerCase() === 'host');
  return all.length === 0 ? null : all.join(', ');
}

function requestOf(incoming: IncomingMessage, url: string, body: string | undefined): Request {
  const { method = 'GET', rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  const gone = new AbortController();
  incoming.once('close', () => {
    if (!incoming.complete || incoming.socket.destroyed) gone.abort();
  });
  const { signal } = gone;
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal });
  if (body !== undefined) return new Request(url, { method, headers, body, signal });
  const stream = Readable.toWeb(incoming) as ReadableStream;
  return new Request(url, { method, headers, body: stream, signal, duplex: 'half' } as RequestInit);
}

export function fromFetch(request: Request): DoorRequest {
  const { url, method, headers, signal } = request;
  return {
    method,
    target: targetOf(url) ?? '/',
    address: '',
    header: (name) => headers.get(name),
    hasBody: () => request.body !== null,
    bytes: () => bounded(request.body ?? []),
    toRequest: (body) => (body === undefined ? request : new Request(url, { method, headers, body, signal })),
  };
}

async function bounded(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) throw tooLarge();
      read.push(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal('invalid_request', 'Invalid request: the body ended early');
  }
  return read.length === 1 ? read[0] : Buffer.concat(read);
}
