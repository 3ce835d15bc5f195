/**
 * What every request must pass before anything of it is parsed.
 *
 *   Host ► Origin ► rate ► size as declared ► key
 *
 * Host and Origin keep out web pages that reach for this machine (DNS rebinding, cross-site requests): a browser
 * cannot lie in either.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { hostNameOf, isLoopback } from '../protocol/loopback.ts';
import { Refusal } from './answer.ts';
import { type DoorRequest, MAX_BODY_BYTES, tooLarge } from './door-request.ts';
import { RateLimit } from './rate-limit.ts';

export interface GuardOptions {
  /** Host names beside loopback, lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** Origins beside loopback, lower case. */
  readonly allowedOrigins: readonly string[];
  readonly apiKey?: string | undefined;
  /** Requests a second for each client; 0: no limit. */
  readonly rateLimit: number;
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number;
}

/** Throws a `Refusal`, else says whether the caller has the key (always, where none is set). */
export type Guard = (request: DoorRequest) => { readonly authorized: boolean };

export function createGuard(options: GuardOptions): Guard {
  const hosts = new Set(options.allowedHosts);
  const origins = new Set(options.allowedOrigins);
  const limit = new RateLimit(options.rateLimit);
  const key = options.apiKey === undefined ? undefined : digest(options.apiKey);
  /** Most requests name the host that the one before named. */
  let latestHost: string | null = null;
  return (request) => {
    const host = request.header('host');
    if (host === null || host !== latestHost) checkHost(host, hosts);
    latestHost = host;
    checkOrigin(request.header('origin'), origins);
    checkRate(limit.take(request.address, options.now()));
    if (Number(request.header('content-length')) > MAX_BODY_BYTES) throw tooLarge();
    return { authorized: key === undefined || hasKey(request.header('authorization'), key) };
  };
}

/** @param metadata URL of what tells a client how to bring the key (RFC 9728 §5.1) */
export function unauthorized(metadata?: string): Refusal {
  const where = metadata === undefined ? '' : `, resource_metadata="${metadata}"`;
  const headers = { 'www-authenticate': `Bearer realm="callsheet"${where}` };
  return new Refusal('unauthorized', 'Unauthorized: send the API key as "Authorization: Bearer <key>"', {
    headers,
  });
}

function checkHost(header: string | null, allowed: ReadonlySet<string>): void {
  const name = header === null ? undefined : hostNameOf(header);
  if (name !== undefined && (isLoopback(name) || allowed.has(name))) return;
  throw new Refusal('forbidden', 'Forbidden: this Host is not allowed (CALLSHEET_ALLOWED_HOSTS)');
}

function checkOrigin(header: string | null, allowed: ReadonlySet<string>): void {
  if (header === null) return;
  const origin = header.toLowerCase();
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  const name = host === undefined ? undefined : hostNameOf(host);
  if ((name !== undefined && isLoopback(name)) || allowed.has(origin)) return;
  throw new Refusal('forbidden', 'Forbidden: this Origin is not allowed (CALLSHEET_ALLOWED_ORIGINS)');
}

function checkRate(seconds: number): void {
  if (seconds === 0) return;
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(seconds))) };
  throw new Refusal('rate_limited', 'Too many requests', { headers });
}

/** Digests have one length, so comparing them tells nothing, not even how long the key is. */
function hasKey(header: string | null, key: Buffer): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), key);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
