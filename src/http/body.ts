/** Reads a JSON body, at most a mebibyte of it, whatever its headers claim. */
import { Refusal } from './answer.ts';
import type { DoorRequest } from './door-request.ts';

/** JSON is UTF-8 (RFC 8259 §8.1): other bytes are a parse error. A byte order mark is skipped. */
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a JSON body; empty where there is none.
 * @throws Refusal 413, 415, and for bytes that are no UTF-8
 */
export async function readJsonText(request: DoorRequest): Promise<string> {
  if (!request.hasBody()) return '';
  checkType(request);
  const bytes = await request.bytes();
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Refusal('parse_error', 'Parse error: the body is not UTF-8');
  }
}

function checkType(request: DoorRequest): void {
  const type = request.header('content-type') ?? '';
  if (type === 'application/json' && request.header('content-encoding') === null) return;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  const isJson = /^application\/(?:json|json-rpc|[\w.-]+\+json)\s*(?:;|$)/i.test(type);
  const isPlain = (request.header('content-encoding') ?? 'identity').toLowerCase() === 'identity';
  if (isJson && isPlain && (charset === 'utf-8' || charset === 'utf8')) return;
  throw new Refusal('invalid_request', 'Invalid request: the body must be application/json, not compressed', {
    status: 415,
    headers: { accept: 'application/json' },
  });
}
