/**
 * The HTTP door: a function from request to answer, testable without a socket.
 *
 *   request ─► correlation id ─► guard ─► route by path and verb ─► body ─► dispatch ─► answer
 *
 * Knows no method by more than its name; what is mounted (MCP, dashboard) stands behind the same guard.
 */
import { randomUUID } from 'node:crypto';
import { CallsheetError } from '../protocol/errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Answer, errorAnswer, isAnswer, Refusal } from './answer.ts';
import { crossOriginHeaders, preflight } from './cross-origin.ts';
import { type DoorRequest, fromFetch } from './door-request.ts';
import { createGuard, type GuardOptions, unauthorized } from './guard.ts';
import { createRoutes, findRoute, type Mount, type Route, type RouteOptions, type Visit } from './routes.ts';

export interface HttpHandlerOptions extends RouteOptions {
  readonly guard: GuardOptions;
  readonly mounts?: readonly Mount[];
  readonly logger: Logger;
}

/** Never rejects. What is mounted answers with a `Response`, everything else with an `Answer` that is complete. */
export type Door = (request: DoorRequest) => Promise<Answer | Response>;

/** Never rejects. */
export type HttpHandler = (request: Request) => Promise<Response>;

/** The door as it stands behind a socket. */
export function createDoor(options: HttpHandlerOptions): Door {
  const guard = createGuard(options.guard);
  const routes = createRoutes(options, options.mounts ?? []);
  const visit = async (request: DoorRequest, correlationId: string) => {
    const { authorized } = guard(request);
    const { path, query } = splitTarget(request.target);
    const route = findRoute(routes, path);
    const asked = route && preflight(request, () => allowOf(route));
    if (asked) return asked;
    if (!authorized && !route?.open) throw unauthorized(metadataOf(request, path));
    if (route === undefined) throw noRoute();
    const serve = verbOf(route, request.method);
    return serve({ request, query, correlationId, authorized });
  };
  return async (request) => {
    const correlationId = correlationIdOf(request);
    try {
      const answer = await visit(request, correlationId);
      return complete(answer, request.method, correlationId, crossOriginHeaders(request));
    } catch (thrown) {
      const forbidden = thrown instanceof Refusal && thrown.kind === 'forbidden';
      const readable = forbidden ? undefined : crossOriginHeaders(request);
      const answer = refuse(thrown, correlationId, options);
      return complete(answer, request.method, correlationId, readable);
    }
  };
}

/** The same for callers in this process. */
export function overFetch(door: Door): HttpHandler {
  return async (request) => {
    const answer = await door(fromFetch(request));
    if (!isAnswer(answer)) return answer;
    const { status, body, headers } = answer;
    return new Response(body, { status, ...(headers && { headers }) });
  };
}

/** Of a resource whose clients look for one: RFC 9728 is for MCP, and `mcp/http.ts` answers there. */
function metadataOf(request: DoorRequest, path: string): string | undefined {
  const host = request.header('host') ?? '';
  return path === '/mcp' ? `http://${host}/.well-known/oauth-protected-resource${path}` : undefined;
}

/** The caller's id where it is a legal one, else a new one. */
function correlationIdOf(request: DoorRequest): string {
  const given = request.header('x-correlation-id');
  return given !== null && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}

function splitTarget(target: string): { path: string; query: string } {
  if (!target.startsWith('/')) throw new Refusal('invalid_request', 'Invalid request: the target is no path');
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function noRoute(): Refusal {
  return new Refusal('not_found', 'Not found: there is no such route');
}

function verbOf(route: Route, verb: string): (visit: Visit) => Promise<Answer | Response> {
  const { verbs } = route;
  const serve = Object.hasOwn(verbs, verb) ? verbs[verb] : verb === 'HEAD' ? verbs.GET : undefined;
  if (serve) return serve;
  if (route.page && (verb === 'GET' || verb === 'HEAD')) throw noRoute();
  const allow = allowOf(route);
  if (verb === 'OPTIONS') return async () => ({ status: 204, body: null, headers: { allow } });
  throw new Refusal('invalid_request', `Invalid request: this route takes ${allow}`, {
    status: 405,
    headers: { allow },
  });
}

function allowOf({ verbs }: Route): string {
  return [...Object.keys(verbs), ...(verbs.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

function refuse(thrown: unknown, correlationId: string, options: HttpHandlerOptions): Answer {
  const answer = errorAnswer(thrown, correlationId);
  if (thrown instanceof Refusal) {
    options.countError(thrown.code);
    options.logger.debug('request refused', {
      correlation_id: correlationId,
      status: answer.status,
      reason: thrown.message,
    });
  } else if (!(thrown instanceof CallsheetError)) {
    options.logger.error('request failed', { correlation_id: correlationId, error: thrown });
  }
  return answer;
}

type Added = Record<string, string>;

/** Adds what every answer carries, in front of its own headers; an answer to HEAD keeps its length and loses its body. */
function complete(
  answer: Answer | Response,
  verb: string,
  correlationId: string,
  readable: Readonly<Added> | undefined,
): Answer | Response {
  const all: Added = {};
  if (isAnswer(answer) && answer.body !== null) all['content-type'] = 'application/json';
  all['x-correlation-id'] = correlationId;
  all['x-content-type-options'] = 'nosniff';
  if (readable) Object.assign(all, readable);
  if (!isAnswer(answer)) return withHeaders(answer, verb, all);
  const { status, body, headers } = answer;
  if (headers) Object.assign(all, headers);
  if (readable?.vary && headers?.vary) all.vary = `${headers.vary}, ${readable.vary}`;
  if (verb !== 'HEAD' || body === null) return { status, body, headers: all };
  all['content-length'] = String(Buffer.byteLength(body));
  return { status, body: null, headers: all };
}

function withHeaders(response: Response, verb: string, added: Readonly<Added>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  const body = verb === 'HEAD' ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
