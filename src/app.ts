/**
 * The composition root: builds everything once and takes it down again. The only file that names drivers.
 *
 *   start   open storage ─► listen (503 `starting`) ─► first index ─► patterns ─► serving ─► upkeep
 *   stop    no new calls ─► drain ─► final metrics ─► close storage, caches, model ─► close the log
 */
import type { Cache } from './cache/cache.ts';
import { createMemoryCache } from './cache/memory.ts';
import { createIndexer, type Indexer } from './catalog/indexer.ts';
import { createListing } from './catalog/listing.ts';
import type { Config } from './config.ts';
import { createDoor, type Door, type HttpHandler, overFetch } from './http/handler.ts';
import { type Listening, listen } from './http/listen.ts';
import type { Mount } from './http/routes.ts';
import { createMcpMounts, type McpMounts } from './mcp/http.ts';
import { createPatterns } from './patterns/patterns.ts';
import type { Patterns } from './patterns/ports.ts';
import { CallsheetError } from './protocol/errors.ts';
import type { Params } from './protocol/methods.ts';
import type { Dispatch, Service } from './protocol/service.ts';
import { openEmbedding } from './search/model-file.ts';
import type { Embedding } from './search/semantic.ts';
import { type KeptAnswer, sizeOf } from './service/kept-answer.ts';
import { createLifecycle, type Lifecycle } from './service/lifecycle.ts';
import { createMemoryWatch, type MemoryWatch } from './service/memory-watch.ts';
import { createService, type RunningService } from './service/service.ts';
import { openStorage } from './storage/sqlite/storage.ts';
import type { Storage } from './storage/storage.ts';
import { exposition } from './telemetry/exposition.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { openProcessProbe, readMemory } from './telemetry/process-readings.ts';
import { redactText } from './telemetry/redaction.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';
import { readVersion } from './version.ts';

export interface App {
  readonly service: Service;
  readonly dispatch: Dispatch;
  /** The HTTP door without a socket. */
  readonly handle: HttpHandler;
  readonly catalogue: Indexer;
  /** Builds the first index: from then on `service` and `handle` answer. `start` does it too. */
  load(): Promise<void>;
  /** From then on the index follows the files. `start` does it too. */
  follow(): void;
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
  /** `false`: no storage, and so no patterns, no query log, no learning. */
  readonly remember?: boolean;
  /** Where storage lies, instead of the configured folder. */
  readonly memoryDirectory?: string;
  /** Told of every outcome that came through MCP and was stored. */
  readonly onOutcome?: (outcome: Params<'cacheDecision'>) => void;
}

/** Kept answers: about eight hundred of them. */
const CACHE_BYTES = 2 * 2 ** 20;

export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const parts = await assemble(config, options);
  const { dispatch, service } = serviceOf(parts, config);
  const mcp = mcpOf(parts, config, overheard(service, options.onOutcome));
  const mounts = [...mcp.mounts, ...(options.mounts ?? [])];
  const door = doorOf(parts, config, dispatch, { ...options, mounts });
  const { catalogue, lifecycle, patterns } = parts;
  let listening: Listening | undefined;
  let upkeep: Upkeep | undefined;
  let stopped: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    await catalogue.reindex();
    await patterns?.refresh();
    lifecycle.serving();
  };
  const follow = (): void => {
    if (lifecycle.phase() === 'serving') upkeep ??= startUpkeep({ ...parts, roots: config.roots });
  };
  const start = async (port = config.port): Promise<Listening> => {
    const { host, api_key } = config;
    listening = await listen({ door, host, port, hasApiKey: api_key !== undefined });
    await load();
    follow();
    parts.log.info('serving', { url: listening.url, revision: catalogue.current().revision });
    return listening;
  };
  const shutDown = async (): Promise<void> => {
    lifecycle.stopping();
    await mcp.close();
    await listening?.close();
    await upkeep?.close();
    await close(parts);
  };
  const stop = (): Promise<void> => {
    stopped ??= shutDown();
    return stopped;
  };
  return { service, dispatch, handle: overFetch(door), catalogue, load, follow, start, stop };
}

interface Parts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly embedding: Embedding | undefined;
  readonly catalogue: Indexer;
  readonly cache: Cache<KeptAnswer>;
  readonly storage: Storage | undefined;
  readonly patterns: Patterns | undefined;
  readonly memory: MemoryWatch;
  readonly lifecycle: Lifecycle;
  readonly warnings: () => readonly string[];
}

const clock = (): number => performance.now();

async function assemble(config: Config, options: AppOptions): Promise<Parts> {
  const { logger, remember = true, memoryDirectory = config.dataDir } = options;
  const log = logger ?? (await createLogger({ level: config.log_level, directory: config.logDir }));
  const model = openModel(config.modelDir, log);
  const { embedding } = model;
  const kept = remember ? await openKept(memoryDirectory, log) : nothingKept;
  const memory = createMemoryWatch(readMemory, log);
  const catalogue = createIndexer({
    roots: config.roots,
    cacheDirectory: config.dataDir,
    ...(embedding && { embedding }),
    clock,
    log,
  });
  return {
    log,
    metrics: createMetrics(openProcessProbe()),
    embedding,
    catalogue,
    cache: createMemoryCache<KeptAnswer>({ maxBytes: CACHE_BYTES, clock, sizeOf }),
    storage: kept.storage,
    patterns: kept.storage && patternsOver(kept.storage, catalogue, embedding, config, log),
    memory,
    lifecycle: createLifecycle(),
    warnings: () => [...model.warnings, ...kept.warnings, ...memory.warnings()],
  };
}

interface Kept {
  readonly storage: Storage | undefined;
  readonly warnings: readonly string[];
}

const nothingKept: Kept = { storage: undefined, warnings: [] };

/** Without any SQLite the server answers all the same, and says what it cannot do. */
async function openKept(directory: string, log: Logger): Promise<Kept> {
  try {
    return { storage: await openStorage({ directory, clock: Date.now, log }), warnings: [] };
  } catch (error) {
    if (!(error instanceof CallsheetError)) throw error;
    log.warn('nothing is remembered', { error: error.message });
    return { storage: undefined, warnings: [`Nothing is remembered: ${error.message}.`] };
  }
}

/** Reads the catalogue's plans again whenever it has changed. */
function patternsOver(
  storage: Storage,
  catalogue: Indexer,
  embedding: Embedding | undefined,
  { learning, projectRoot }: Config,
  log: Logger,
): Patterns {
  const patterns = createPatterns({
    storage,
    catalogue: () => catalogue.current(),
    embedding,
    clock: Date.now,
    learning,
    seed: projectRoot,
    redact: redactText,
  });
  catalogue.onSwap(() => {
    patterns.refresh().catch((error: unknown) => log.error('reading the plans again failed', { error }));
  });
  return patterns;
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

function serviceOf(parts: Parts, config: Config): RunningService {
  const { catalogue, cache, storage, patterns, log, metrics, lifecycle, warnings } = parts;
  const started = clock();
  return createService({
    catalogue,
    cache,
    storage,
    patterns,
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

/** The same service, whose stored outcomes somebody else hears of, too. */
function overheard(service: Service, onOutcome: AppOptions['onOutcome']): Service {
  if (!onOutcome) return service;
  return {
    ...service,
    cacheDecision: async (outcome, context) => {
      const result = await service.cacheDecision(outcome, context);
      onOutcome(outcome);
      return result;
    },
  };
}

function doorOf(parts: Parts, config: Config, dispatch: Dispatch, options: AppOptions): Door {
  const { metrics, lifecycle, log } = parts;
  return createDoor({
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

async function close({ log, metrics, storage, cache, embedding }: Parts): Promise<void> {
  log.info('final metrics', { ...metrics.snapshot() });
  metrics.close();
  await storage?.close();
  await cache.close();
  embedding?.close();
  await log.close();
}
