/**
 * The client: the same `Service` the server implements, over HTTP, that keeps answering while the server is away.
 *
 *   call → kept answer? → server (breaker, timeout, one more try of what is harmless to repeat) → fallback
 *   cacheDecision → server, else the journal, which is delivered when the server is back
 *
 * Runs in Node, Bun, Deno and browsers. What the server refuses is thrown as `CallsheetError`, never returned.
 */
import { CallsheetError } from '../protocol/errors.ts';
import { type MethodName, methodNames, methods, type Params, type Result } from '../protocol/methods.ts';
import type { Registry } from '../protocol/registry.ts';
import type { CallContext, Service } from '../protocol/service.ts';
import { validate } from '../protocol/validation.ts';
import { nearestName } from '../search/nearest-name.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createBreaker } from './breaker.ts';
import { createConnection } from './connection.ts';
import { createDelivery } from './delivery.ts';
import { locate, type Place } from './discovery.ts';
import { createFileJournal, createMemoryJournal, type Decision, type Journal } from './journal.ts';
import { detectPlatform, type Platform } from './platform.ts';
import { createFallbackSource } from './registry-source.ts';
import { Away, type RemoteOptions } from './remote.ts';

export { CallsheetError } from '../protocol/errors.ts';
export type { Decision, MethodName, Params, Registry, Result, Service };

/** Something its owner may want to log. */
export type ClientEvent =
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'back'; readonly url: string }
  | { readonly kind: 'fallback'; readonly method: MethodName }
  | { readonly kind: 'queued' | 'delivered' | 'dropped'; readonly task_id: string };

export interface ClientOptions {
  /** Of the server; absent: MCP_URL, MCP_PORT, the project's state file; where no server ever kept one, port 3700. */
  readonly url?: string;
  /** The project's folder; absent: the nearest one above the working directory with a `.claude/mcp-server`. */
  readonly root?: string;
  /** Absent: CALLSHEET_API_KEY. */
  readonly apiKey?: string;
  /** For each try; default 2,000. */
  readonly timeoutMs?: number;
  /** `false`: no embedded answers; a registry: that one; absent: the one the server keeps, else the built-in. */
  readonly fallback?: false | Registry;
  /** How long an answer is kept; default 30,000; 0 keeps none. */
  readonly cacheMs?: number;
  /** Absent: a line on the console when the server goes and when it is back. */
  readonly onEvent?: (event: ClientEvent) => void;
  /** Seams for tests and for unusual runtimes. */
  readonly fetch?: typeof fetch;
  readonly platform?: Platform;
  readonly clock?: () => number;
  readonly random?: () => number;
}

export interface ClientStats {
  /** Calls answered by the server, from kept answers, by the embedded registry. */
  readonly remote: number;
  readonly cached: number;
  readonly fallback: number;
  readonly delivered: number;
  readonly dropped: number;
  /** Decisions waiting for the server. */
  readonly queued: number;
}

export interface Client extends Service {
  stats(): ClientStats;
  /** Tries to deliver what waits; resolves to how many still wait. */
  flush(): Promise<number>;
}

const KEPT_ANSWERS = 200;

/** The same interface the server implements. A server that is away shows at the first call, not here. */
export function createClient(options: ClientOptions = {}): Client {
  const parts = assemble(options);
  const call = (method: MethodName, params: unknown, context?: CallContext): Promise<unknown> =>
    method === 'cacheDecision' ? parts.decide(params, context) : parts.ask(method, params, context);
  const service = Object.fromEntries(
    methodNames.map((method) => [
      method,
      (params: unknown, context?: CallContext) => call(method, params, context),
    ]),
  ) as unknown as Service;
  return { ...service, stats: parts.stats, flush: parts.flush };
}

/** The client of the original design: a thin face over `createClient`. */
export class OrchestratorMCPClient {
  readonly #client: Client;

  constructor(options: ClientOptions = {}) {
    this.#client = createClient(options);
  }

  queryAgents(params: Params<'queryAgents'>): Promise<Result<'queryAgents'>> {
    return this.#client.queryAgents(params);
  }

  getOrchestrationPattern(
    goal: string | Params<'getOrchestrationPattern'>,
  ): Promise<Result<'getOrchestrationPattern'>> {
    return this.#client.getOrchestrationPattern(typeof goal === 'string' ? { goal } : goal);
  }

  cacheDecision(decision: Decision): Promise<Result<'cacheDecision'>> {
    return this.#client.cacheDecision(decision);
  }

  /** Everything else the server can do. */
  get service(): Client {
    return this.#client;
  }
}

/** Where nobody listens: a line on the console when the server goes, when it is back, when a decision is given up. */
function createReporter(): (event: ClientEvent) => void {
  let away = false;
  return (event) => {
    if (event.kind === 'away' && !away) console.warn(`callsheet: ${event.reason}; answering without it`);
    if (event.kind === 'back') console.warn(`callsheet: ${event.url} answers again`);
    if (event.kind === 'dropped')
      console.warn(`callsheet: the outcome of ${event.task_id} could not be kept`);
    if (event.kind === 'away' || event.kind === 'back') away = event.kind === 'away';
  };
}

interface Parts {
  ask(method: MethodName, params: unknown, context?: CallContext): Promise<unknown>;
  decide(params: unknown, context?: CallContext): Promise<unknown>;
  flush(): Promise<number>;
  stats(): ClientStats;
}

function assemble(options: ClientOptions): Parts {
  const { onEvent = createReporter() } = options;
  const counts = { remote: 0, cached: 0, fallback: 0, delivered: 0, dropped: 0 };
  const { connection, journal, kept, fallback } = open(options, onEvent);
  const delivery = createDelivery({
    connection,
    journal,
    queue: options.fallback !== false,
    on: (kind, task_id) => {
      if (kind !== 'queued') counts[kind]++;
      onEvent({ kind, task_id });
    },
  });
  const embedded = async (method: MethodName, params: unknown, cause: Away): Promise<unknown> => {
    if (!fallback) throw new CallsheetError('unavailable', cause.message, undefined, { cause });
    const answer = await fallback().answer(method, validate(method, params, nearestName));
    counts.fallback++;
    onEvent({ kind: 'fallback', method });
    return { ...answer, cache_hit: false };
  };
  const answered = (method: MethodName, key: string, answer: unknown): void => {
    counts.remote++;
    if (methods[method].effect === 'write') kept.clear();
    else if (methods[method].cache) kept.set(key, answer);
    if (journal.size > 0) void delivery.flush();
  };
  return {
    ask: async (method, params, context) => {
      const key = `${method} ${JSON.stringify(params)}`;
      const known = kept.get(key);
      if (known !== undefined) {
        counts.cached++;
        return { ...(known as object), cache_hit: true };
      }
      try {
        const answer = await connection.call(method, params, context);
        answered(method, key, answer);
        return answer;
      } catch (error) {
        if (error instanceof Away) return embedded(method, params, error);
        throw error;
      }
    },
    decide: async (params, context) => {
      const answer = await delivery.decide(params as Decision, context);
      if ((answer as Result<'cacheDecision'>).stored) answered('cacheDecision', '', answer);
      return answer;
    },
    flush: delivery.flush,
    stats: () => ({ ...counts, queued: journal.size }),
  };
}

/** What a client is made of, from its options and the runtime. */
function open(options: ClientOptions, onEvent: (event: ClientEvent) => void) {
  const { clock = () => performance.now(), random = Math.random, cacheMs = 30_000 } = options;
  const platform = options.platform ?? detectPlatform();
  const place = (): Place => locate(options, platform);
  const kept = createAnswerCache(KEPT_ANSWERS, cacheMs, clock);
  const connection = createConnection({
    url: () => place().url,
    remote: remoteOptions(options, platform),
    breaker: createBreaker(clock, random),
    random,
    onAway: (reason) => onEvent({ kind: 'away', reason }),
    onBack: (url) => {
      kept.clear();
      onEvent({ kind: 'back', url });
    },
  });
  const fallback =
    options.fallback === false ? undefined : createFallbackSource(options.fallback, place, platform);
  return { connection, kept, fallback, journal: openJournal(place(), platform) };
}

function remoteOptions(options: ClientOptions, platform: Platform): RemoteOptions {
  return {
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    timeoutMs: options.timeoutMs ?? 2000,
    apiKey: options.apiKey ?? platform.env.CALLSHEET_API_KEY,
  };
}

function openJournal({ stateFolder }: Place, { files }: Platform): Journal {
  return files && stateFolder !== undefined
    ? createFileJournal(files, `${stateFolder}/journal`)
    : createMemoryJournal();
}
