/**
 * What a browser wants to hear before a page of another origin may read an answer (Fetch standard, §3.2 "CORS
 * protocol"). Only origins that passed the guard get it: loopback and those that are configured.
 */
import type { Answer } from './answer.ts';
import type { DoorRequest } from './door-request.ts';

/** Seconds a browser may remember a preflight. */
const REMEMBERED = '600';

/** Headers for an answer to a page whose origin is allowed; undefined where the request names no origin. */
export function crossOriginHeaders(request: DoorRequest): Readonly<Record<string, string>> | undefined {
  const origin = request.header('origin');
  if (origin === null) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Correlation-Id, Retry-After',
    vary: 'origin',
  };
}

/** The answer to a preflight, which carries no key; undefined for any other request. */
export function preflight(request: DoorRequest, allowed: () => string): Answer | undefined {
  if (request.method !== 'OPTIONS' || request.header('origin') === null) return undefined;
  if (request.header('access-control-request-method') === null) return undefined;
  const verbs = allowed();
  const wanted = request.header('access-control-request-headers');
  return {
    status: 204,
    body: null,
    headers: {
      allow: verbs,
      'access-control-allow-methods': verbs,
      'access-control-max-age': REMEMBERED,
      ...(wanted !== null && /^[\w, -]{1,500}$/.test(wanted) && { 'access-control-allow-headers': wanted }),
    },
  };
}
