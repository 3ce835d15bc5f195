/**
 * A request as the door reads it. Behind it is either what Node's parser gives, which is the usual case and the
 * cheap one, or a `Request` of a caller in this process. `Request` and `Response` of the platform cost eight
 * megabytes once they are touched, so the way over the socket does without them; what is mounted gets a real one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
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
  /** To be read once. @throws Refusal 413 for more than a mebibyte, 400 where the body ends early */
  bytes(): Promise<Uint8Array>;
  /** @param body what was read of it already */
  toRequest(body?: string): Request;
}

export function tooLarge(): Refusal {
  const message = `Invalid request: the body is larger than ${MAX_BODY_BYTES} bytes`;
  return new Refusal('invalid_request', message, { status: 413 });
}

/** The server must join duplicate headers: two lines of `Host` then make no host name. */
export function fromSocket(incoming: IncomingMessage, outgoing: ServerResponse): DoorRequest {
  return new SocketRequest(incoming, outgoing);
}

class SocketRequest implements DoorRequest {
  readonly method: string;
  readonly target: string;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.method = incoming.method ?? 'GET';
    this.target = targetOf(incoming.url ?? '');
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  get address(): string {
    return this.#incoming.socket.remoteAddress ?? '';
  }

  header(name: string): string | null {
    const value = this.#incoming.headers[name];
    return value === undefined ? null : String(value);
  }

  hasBody(): boolean {
    const length = this.header('content-length');
    return length === null ? this.header('transfer-encoding') !== null : length !== '0';
  }

  bytes(): Promise<Uint8Array> {
    return readMessage(this.#incoming);
  }

  toRequest(body?: string): Request {
    const url = `http://${this.#incoming.headers.host}${this.target}`;
    return requestOf(this.#incoming, this.#outgoing, url, body);
  }
}

/** A target is a path, or for proxies a whole URL; what is neither stays as it is, and no route has it. */
function targetOf(url: string): string {
  if (url.startsWith('/')) return url;
  return /^https?:\/\/[^/?#]*(\/[^#]*)?$/i.exec(url)?.[1] ?? url;
}

/** With listeners: leaving a loop over the message would close the connection before it is answered. */
function readMessage(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        incoming.removeAllListeners('data').pause();
        reject(tooLarge());
      }
    });
    // Every message closes at last, most of them whole: the error, with its stack, is for the others.
    const endedEarly = (): void => {
      if (!incoming.readableEnded)
        reject(new Refusal('invalid_request', 'Invalid request: the body ended early'));
    };
    incoming.on('end', () => resolve(joined(chunks)));
    incoming.on('error', endedEarly);
    incoming.on('close', endedEarly);
  });
}

/** Its signal aborts when the client leaves before it has the whole answer. */
function requestOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  body: string | undefined,
): Request {
  const { method = 'GET', rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return new Request(url, { method, headers, signal: gone.signal, ...(body === undefined ? {} : { body }) });
}

/** A `Request` has no `Host` until it is sent: its URL says what that would be. */
export function fromFetch(request: Request): DoorRequest {
  const { url, method, headers, signal } = request;
  return {
    method,
    target: targetOf(url),
    address: '',
    header: (name) => headers.get(name) ?? (name === 'host' ? new URL(url).host : null),
    hasBody: () => request.body !== null,
    bytes: () => readStream(request.body ?? []),
    toRequest: (body) => (body === undefined ? request : new Request(url, { method, headers, body, signal })),
  };
}

/** Counts while it reads: nothing holds a stream to its Content-Length. */
async function readStream(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
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
  return joined(read);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
