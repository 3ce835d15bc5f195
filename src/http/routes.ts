/** The routes as a table: path → verb → what answers. */
import type { Health } from '../protocol/entities.ts';
import type { Dispatch } from '../protocol/service.ts';
import { type ExpositionFormat, expositionTypes } from '../telemetry/exposition.ts';
import { type Answer, jsonAnswer, Refusal } from './answer.ts';
import { readJsonText } from './body.ts';
import type { DoorRequest } from './door-request.ts';
import { answerRpc, type RpcContext, type RpcPort, refusalOf } from './jsonrpc.ts';
import { metricsForm } from './negotiation.ts';

export type ServerState = 'starting' | 'serving' | 'stopping';

export interface RouteOptions {
  readonly dispatch: Dispatch;
  /** Shown by `/health`; mounts answer only while it is `serving`. Methods are up to `dispatch`. */
  readonly state: () => ServerState;
  /** Writes a scrape. */
  readonly prometheus: (format: ExpositionFormat) => Promise<string> | string;
  /** Sent as `X-Callsheet-Instance` with `/health`, so that who started this server knows it again. */
  readonly instance?: string | undefined;
  /** Told of errors that no dispatch has seen, by JSON-RPC code. */
  readonly countError: (code: number) => void;
}

/** Another door behind the same guard. */
export interface Mount {
  /** Exact (`/mcp`), or everything below (`/assets/*`). */
  readonly path: string;
  readonly verbs: readonly string[];
  /** Answers without the key, too. */
  readonly open?: boolean;
  /** @param body of a POST: read, at most a mebibyte, valid JSON */
  handle(request: Request, body: { readonly parsedBody?: unknown }): Promise<Response>;
}

/** One request on its way, past the guard. */
export interface Visit {
  readonly request: DoorRequest;
  /** Without the question mark. */
  readonly query: string;
  readonly correlationId: string;
  readonly authorized: boolean;
}

type Serve = (visit: Visit) => Promise<Answer | Response>;

export interface Route {
  readonly verbs: Readonly<Record<string, Serve>>;
  /** Answers also without the key, as little as it can. */
  readonly open?: boolean;
  /** A page may be mounted here; until then GET finds nothing. */
  readonly page?: boolean;
}

export type Routes = ReadonlyMap<string, Route>;

export function createRoutes(options: RouteOptions, mounts: readonly Mount[]): Routes {
  const { dispatch, countError } = options;
  const port = { dispatch, countError };
  const routes = new Map<string, Route>([
    ['/', { verbs: { POST: (visit) => rpc(visit, port) }, page: true }],
    ['/health', { verbs: { GET: (visit) => health(visit, options) }, open: true }],
    ['/metrics', { verbs: { GET: (visit) => metrics(visit, options) } }],
    ['/reindex', { verbs: { POST: (visit) => reindex(visit, port) } }],
  ]);
  for (const mount of mounts) {
    const known = routes.get(mount.path);
    const verbs = Object.fromEntries(
      mount.verbs.map((verb) => [verb, (visit: Visit) => mounted(visit, mount, options)]),
    );
    routes.set(mount.path, {
      ...known,
      verbs: { ...verbs, ...known?.verbs },
      ...(mount.open && { open: true }),
    });
  }
  return routes;
}

export function findRoute(routes: Routes, path: string): Route | undefined {
  const exact = routes.get(path);
  if (exact) return exact;
  for (let end = path.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
    const below = routes.get(`${path.slice(0, end)}/*`);
    if (below) return below;
  }
  return undefined;
}

function contextOf({ correlationId }: Visit): RpcContext {
  return { correlationId, door: 'http' };
}

function unavailable(state: ServerState): Refusal {
  return new Refusal('unavailable', `Service unavailable: the server is ${state}`);
}

async function rpc(visit: Visit, port: RpcPort): Promise<Answer> {
  const { correlationId } = visit;
  return answerRpc(await readJsonText(visit.request), port, { correlationId, door: 'http', json: true });
}

async function health(visit: Visit, { dispatch, state, instance }: RouteOptions): Promise<Answer> {
  const found = (await dispatch({ method: 'getHealth', params: {} }, contextOf(visit))) as Health;
  const now = state();
  const status = now === 'serving' ? found.status : now;
  const ok = status === 'healthy' || status === 'degraded';
  const body = visit.authorized ? { ...found, status } : { status };
  const headers = { 'cache-control': 'no-store', ...(instance ? { 'x-callsheet-instance': instance } : {}) };
  return jsonAnswer(body, ok ? 200 : 503, headers);
}

async function metrics(visit: Visit, { dispatch, prometheus }: RouteOptions): Promise<Answer> {
  const form = metricsForm(new URLSearchParams(visit.query), visit.request.header('accept'));
  const headers = { 'cache-control': 'no-store', vary: 'accept' };
  if (form === 'json') {
    return jsonAnswer(await dispatch({ method: 'getMetrics', params: {} }, contextOf(visit)), 200, headers);
  }
  const body = await prometheus(form);
  return { status: 200, body, headers: { ...headers, 'content-type': expositionTypes[form] } };
}

/** An empty body stands for `{}`. */
async function reindex(visit: Visit, { dispatch }: RpcPort): Promise<Answer> {
  const text = await readJsonText(visit.request);
  const params = text.trim() === '' ? {} : parseJson(text);
  return refusalOf(params) ?? jsonAnswer(await dispatch({ method: 'reindex', params }, contextOf(visit)));
}

async function mounted(visit: Visit, mount: Mount, { state }: RouteOptions): Promise<Answer | Response> {
  const now = state();
  if (now !== 'serving') throw unavailable(now);
  const { request } = visit;
  if (request.method !== 'POST') return mount.handle(request.toRequest(), {});
  const text = await readJsonText(request);
  const parsedBody = parseJson(text);
  return refusalOf(parsedBody) ?? mount.handle(request.toRequest(text), { parsedBody });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('parse_error', 'Parse error');
  }
}
