/** Answers to bytes that never become a request. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorResponse } from '../protocol/jsonrpc.ts';

const reasons: Readonly<Record<string, readonly [status: string, why: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'the chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'it took too long'],
};

/**
 * For bytes the HTTP parser could not read, written by hand since there is no response object.
 * @param underWay the response the connection is busy with: once that has begun, nothing can be put in between
 */
export function answerIllegible(
  socket: Duplex,
  error: NodeJS.ErrnoException,
  underWay: ServerResponse | undefined,
): void {
  const busy = underWay?.headersSent && !underWay.writableFinished;
  if (!socket.writable || busy || error.code === 'ECONNRESET') {
    socket.destroy(error);
    return;
  }
  const [status, why] = reasons[error.code ?? ''] ?? ['400 Bad Request', 'malformed HTTP'];
  const body = bodyOf(why);
  const all = { ...headers(), connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
}

function bodyOf(why: string): string {
  return JSON.stringify(errorResponse(null, 'invalid_request', `Invalid request: ${why}`));
}

function headers(): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-correlation-id': randomUUID(),
    'x-content-type-options': 'nosniff',
  };
}
