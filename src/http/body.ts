/** Reads a JSON body, at most a mebibyte of it, whatever its headers claim. */
import { Refusal } from './answer.ts';

export const MAX_BODY_BYTES = 1024 * 1024;

/** JSON is UTF-8 (RFC 8259 §8.1): other bytes are a parse error. A byte order mark is skipped. */
const decoder = new TextDecoder('utf-8', { fatal: true });

export function tooLarge(): Refusal {
  return new Refusal('invalid_request', `Invalid request: the body is larger than ${MAX_BODY_BYTES} bytes`, {
    status: 413,
    // What was not read must not be taken for the next request.
    headers: { connection: 'close' },
  });
}

/**
 * The text of a JSON body; empty where there is none.
 * @param framed whether an HTTP parser holds the body to its Content-Length, so that it may be read in one piece
 * @throws Refusal 413, 415, and for bytes that are no UTF-8
 */
export async function readJsonText(request: Request, framed: boolean): Promise<string> {
  if (!hasBody(request, framed)) return '';
  checkType(request.headers);
  const bytes = await readBytes(request, framed);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Refusal('parse_error', 'Parse error: the body is not UTF-8');
  }
}

/** Over a socket headers tell; asking a request for its body there costs more than the rest of the request. */
function hasBody(request: Request, framed: boolean): boolean {
  if (!framed) return request.body !== null;
  const length = request.headers.get('content-length');
  return length === null ? request.headers.has('transfer-encoding') : length !== '0';
}

function checkType(headers: Headers): void {
  const type = headers.get('content-type') ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  const isJson = /^application\/(?:json|json-rpc|[\w.-]+\+json)\s*(?:;|$)/i.test(type);
  const isPlain = (headers.get('content-encoding') ?? 'identity').toLowerCase() === 'identity';
  if (isJson && isPlain && (charset === 'utf-8' || charset === 'utf8')) return;
  throw new Refusal('invalid_request', 'Invalid request: the body must be application/json, not compressed', {
    status: 415,
    headers: { accept: 'application/json' },
  });
}

async function readBytes(request: Request, framed: boolean): Promise<Uint8Array> {
  try {
    if (framed && request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer());
    return await readStream(request.body);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal('invalid_request', 'Invalid request: the body ended early');
  }
}

async function readStream(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAX_BODY_BYTES) {
      void reader?.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
