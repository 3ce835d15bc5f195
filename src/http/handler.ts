/**
 * The HTTP door: a function from `Request` to `Response`, testable without a socket.
 *
 *   request ─► correlation id ─► guard ─► route by path and verb ─► body ─► dispatch ─► response
 *
 * Knows no method by more than its name; what is mounted (MCP, dashboard) stands behind the same guard.
 */
import { randomUUID } from 'node:crypto';
import { CallsheetError } from '../protocol/errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Answer, errorAnswer, Refusal } from './answer.ts';
import { createGuard, type GuardOptions, unauthorized } from './guard.ts';
import { createRoutes, findRoute, type Mount, type Route, type RouteOptions, type Visit } from './routes.ts';

export interface HttpHandlerOptions extends RouteOptions {
  readonly guard: GuardOptions;
  readonly mounts?: readonly Mount[];
  readonly logger: Logger;
}

/** Where a request came from; absent for one made in this process. */
export interface Peer {
  readonly address: string;
}

/** Never rejects. */
export type HttpHandler = (request: Request, peer?: Peer) => Promise<Response>;

export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const guard = createGuard(options.guard);
  const routes = createRoutes(options, options.mounts ?? []);
  const visit = async (request: Request, peer: Peer | undefined, correlationId: string) => {
    const { authorized } = guard(request, peer?.address ?? '');
    const { path, query } = splitUrl(request.url);
    const route = findRoute(routes, path);
    if (!authorized && !route?.open) throw unauthorized(metadataOf(request.url, path));
    if (route === undefined) throw noRoute();
    const serve = verbOf(route, request.method);
    return serve({ request, query, correlationId, authorized, framed: peer !== undefined });
  };
  return async (request, peer) => {
    const correlationId = correlationIdOf(request.headers);
    try {
      return respond(await visit(request, peer, correlationId), request.method, correlationId);
    } catch (thrown) {
      return respond(refuse(thrown, correlationId, options), request.method, correlationId);
    }
  };
}

/** Of a protected resource whose clients look for one: RFC 9728 is for MCP (`mcp/http.ts` answers there). */
function metadataOf(url: string, path: string): string | undefined {
  return path === '/mcp' ? new URL(`/.well-known/oauth-protected-resource${path}`, url).href : undefined;
}

/** The caller's id where it is a legal one, else a new one. */
function correlationIdOf(headers: Headers): string {
  const given = headers.get('x-correlation-id');
  return given !== null && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** By hand: `new URL` costs more than the whole guard. */
function splitUrl(url: string): { path: string; query: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const [whole = ''] = url.slice(start).split('#', 1);
  const mark = whole.indexOf('?');
  return mark < 0 ? { path: whole, query: '' } : { path: whole.slice(0, mark), query: whole.slice(mark + 1) };
}

function noRoute(): Refusal {
  return new Refusal('not_found', 'Not found: there is no such route');
}

function verbOf(route: Route, verb: string): (visit: Visit) => Promise<Answer | Response> {
  const { verbs } = route;
  const serve = Object.hasOwn(verbs, verb) ? verbs[verb] : verb === 'HEAD' ? verbs.GET : undefined;
  if (serve) return serve;
  if (route.page && (verb === 'GET' || verb === 'HEAD')) throw noRoute();
  const allow = [...Object.keys(verbs), ...(verbs.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (verb === 'OPTIONS') return async () => ({ status: 204, body: null, headers: { allow } });
  throw new Refusal('invalid_request', `Invalid request: this route takes ${allow}`, {
    status: 405,
    headers: { allow },
  });
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

function respond(answer: Answer | Response, verb: string, correlationId: string): Response {
  if (answer instanceof Response) return withOurHeaders(answer, verb, correlationId);
  const { status, body, headers } = answer;
  const all: Record<string, string> = {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    'x-correlation-id': correlationId,
    'x-content-type-options': 'nosniff',
    ...headers,
  };
  if (verb !== 'HEAD' || body === null) return new Response(body, { status, headers: all });
  return new Response(null, {
    status,
    headers: { ...all, 'content-length': String(Buffer.byteLength(body)) },
  });
}

function withOurHeaders(response: Response, verb: string, correlationId: string): Response {
  const headers = new Headers(response.headers);
  headers.set('x-correlation-id', correlationId);
  headers.set('x-content-type-options', 'nosniff');
  const body = verb === 'HEAD' ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
