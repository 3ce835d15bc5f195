/**
 * The composition root: builds everything once and takes it down again. The only file that names drivers.
 *
 *   start   listen (503 `starting`) ─► first index ─► serving ─► watch, hourly re-index, memory every minute
 *   stop    no new calls ─► drain ─► final metrics ─► close what was opened ─► close the log
 */
import { createMemoryCache } from './cache/memory.ts';
import { createIndexer, type Indexer } from './catalog/indexer.ts';
import { createListing } from './catalog/listing.ts';
import type { Config } from './config.ts';
import { createHttpHandler, type HttpHandler } from './http/handler.ts';
import { type Listening, listen } from './http/listen.ts';
import type { Mount } from './http/routes.ts';
import { createMcpMounts, type McpMounts } from './mcp/http.ts';
import type { Dispatch, Service } from './protocol/service.ts';
import { openEmbedding } from './search/model-file.ts';
import type { Embedding } from './search/semantic.ts';
import { createMemoryWatch, type MemoryWatch } from './service/memory-watch.ts';
import { createService, type RunningService } from './service/service.ts';
import { exposition } from './telemetry/exposition.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { openProcessProbe, readMemory } from './telemetry/process-readings.ts';
import { redactText } from './telemetry/redaction.ts';
import { readVersion } from './version.ts';

export interface App {
  readonly service: Service;
  readonly dispatch: Dispatch;
  /** The HTTP door without a socket. */
  readonly handle: HttpHandler;
  readonly catalogue: Indexer;
  /** Builds the first index: from then on `service` and `handle` answer. `start` does it too. */
  load(): Promise<void>;
  /**
   * Listens, loads, watches.
   * @param port instead of the configured one
   * @throws ListenError where the address cannot be had; another port may be tried then
   */
  start(port?: number): Promise<Listening>;
  /** Idempotent. */
  stop(): Promise<void>;
}

export interface AppOptions {
  /** Instead of log files in the configured folder. */
  readonly logger?: Logger;
  /** Names this launch on `/health`. */
  readonly instance?: string | undefined;
  /** More doors, such as a dashboard. */
  readonly mounts?: readonly Mount[];
}

/** Kept answers, estimated: about a thousand of them. */
const CACHE_BYTES = 4 * 2 ** 20;
const HOUR = 3_600_000;
const MINUTE = 60_000;

export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const parts = await assemble(config, options.logger);
  const { dispatch, service } = serviceOf(parts, config);
  const mcp = mcpOf(parts, config, service);
  const mounts = [...mcp.mounts, ...(options.mounts ?? [])];
  const handle = handlerOf(parts, config, dispatch, { ...options, mounts });
  const { catalogue, lifecycle } = parts;
  let listening: Listening | undefined;
  let leave: () => void = () => undefined;
  let stopped: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    await catalogue.reindex();
    lifecycle.serving();
  };
  const start = async (port = config.port): Promise<Listening> => {
    const { host, api_key } = config;
    listening = await listen({ handler: handle, host, port, hasApiKey: api_key !== undefined });
    await load();
    leave = keepCurrent(parts);
    parts.log.info('serving', { url: listening.url, revision: catalogue.current().revision });
    return listening;
  };
  const shutDown = async (): Promise<void> => {
    lifecycle.stopping();
    leave();
    await mcp.close();
    await listening?.close();
    await close(parts);
  };
  const stop = (): Promise<void> => {
    stopped ??= shutDown();
    return stopped;
  };
  return { service, dispatch, handle, catalogue, load, start, stop };
}

interface Parts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly embedding: Embedding | undefined;
  readonly catalogue: Indexer;
  readonly cache: ReturnType<typeof createMemoryCache>;
  readonly memory: MemoryWatch;
  readonly lifecycle: Lifecycle;
  readonly warnings: () => readonly string[];
}

const clock = (): number => performance.now();

async function assemble(config: Config, logger: Logger | undefined): Promise<Parts> {
  const log = logger ?? (await createLogger({ level: config.log_level, directory: config.logDir }));
  const model = openModel(config.modelDir, log);
  const memory = createMemoryWatch(readMemory, log);
  return {
    log,
    metrics: createMetrics(openProcessProbe()),
    embedding: model.embedding,
    catalogue: createIndexer({
      roots: config.roots,
      cacheDirectory: config.dataDir,
      ...(model.embedding && { embedding: model.embedding }),
      clock,
      log,
    }),
    cache: createMemoryCache({ maxBytes: CACHE_BYTES, clock }),
    memory,
    lifecycle: createLifecycle(),
    warnings: () => [...model.warnings, ...memory.warnings()],
  };
}

interface Model {
  readonly embedding: Embedding | undefined;
  readonly warnings: readonly string[];
}

/** Without a model, or with one that cannot be trusted, search works by words. */
function openModel(directory: string, log: Logger): Model {
  try {
    const embedding = openEmbedding(directory);
    const absent = 'There is no embedding file: search works by words alone.';
    return { embedding, warnings: embedding ? [] : [absent] };
  } catch (error) {
    log.error('the embedding cannot be read', { error });
    return { embedding: undefined, warnings: ['The embedding cannot be read: search works by words alone.'] };
  }
}

type Phase = 'starting' | 'serving' | 'stopping';

interface Lifecycle {
  phase(): Phase;
  serving(): void;
  stopping(): void;
}

function createLifecycle(): Lifecycle {
  let phase: Phase = 'starting';
  return {
    phase: () => phase,
    serving: () => {
      if (phase === 'starting') phase = 'serving';
    },
    stopping: () => {
      phase = 'stopping';
    },
  };
}

function serviceOf(parts: Parts, config: Config): RunningService {
  const { catalogue, cache, log, metrics, lifecycle, warnings } = parts;
  const started = clock();
  return createService({
    catalogue,
    cache,
    log,
    metrics,
    version: readVersion(),
    state: {
      phase: lifecycle.phase,
      uptimeMs: () => clock() - started,
      memoryMb: () => process.memoryUsage.rss() / 2 ** 20,
      warnings,
    },
    cacheTtlSeconds: config.cache_ttl,
    clock,
    now: Date.now,
    random: (pool) => crypto.getRandomValues(pool),
    redact: redactText,
  });
}

function mcpOf({ catalogue, log }: Parts, config: Config, service: Service): McpMounts {
  return createMcpMounts({
    service,
    definitions: createListing(catalogue),
    version: readVersion(),
    log,
    hasApiKey: config.api_key !== undefined,
  });
}

function handlerOf(parts: Parts, config: Config, dispatch: Dispatch, options: AppOptions): HttpHandler {
  const { metrics, lifecycle, log } = parts;
  return createHttpHandler({
    dispatch,
    state: lifecycle.phase,
    prometheus: async (format) => {
      const read = await dispatch({ method: 'getMetrics', params: {} }, { door: 'http' });
      return exposition(read as Parameters<typeof exposition>[0], metrics.series(), format);
    },
    guard: {
      allowedHosts: config.allowed_hosts,
      allowedOrigins: config.allowed_origins,
      apiKey: config.api_key?.reveal(),
      rateLimit: config.rate_limit,
      now: clock,
    },
    mounts: options.mounts ?? [],
    instance: options.instance,
    logger: log,
    countError: (code) => metrics.recordError(code),
  });
}

/** Timers and the watcher; gives back what ends them. None of them keeps the process alive. */
function keepCurrent({ catalogue, memory, log }: Parts): () => void {
  const reindex = (): void => {
    catalogue.reindex().catch((error: unknown) => log.error('re-indexing failed', { error }));
  };
  memory.sample();
  const timers = [setInterval(reindex, HOUR), setInterval(() => memory.sample(), MINUTE)];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

async function close({ log, metrics, cache, embedding }: Parts): Promise<void> {
  log.info('final metrics', { ...metrics.snapshot() });
  metrics.close();
  await cache.close();
  embedding?.close();
  await log.close();
}
