/**
 * Every setting as a row of one table: its names, what it accepts, its default, and whether the file of a project
 * may set it. `config.ts` reads by this table; docs/operations.md is held to it.
 */
import { inspect } from 'node:util';
import * as z from 'zod';
import { type LogLevel, logLevels } from './telemetry/log-sink.ts';

/** A setting that cannot be used, in words for its owner; never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A value that shows itself only when asked: neither JSON nor `inspect` nor text reveal it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

export interface SettingValues {
  host: string;
  /** 0: any free port. */
  port: number;
  data_dir: string | undefined;
  log_level: LogLevel;
  /** Seconds, for every method that is cached; undefined: each method's own. 0: nothing is cached. */
  cache_ttl: number | undefined;
  auto_restart: boolean;
  /** Names a `Host` header may carry beside loopback, lower case, without port; `host` is one of them. */
  allowed_hosts: readonly string[];
  /** Origins beside loopback, as browsers write them. */
  allowed_origins: readonly string[];
  api_key: Secret | undefined;
  /** Requests a second for each client; 0: no limit. */
  rate_limit: number;
  learning: boolean;
  model_dir: string | undefined;
  /** Of the server that commands ask, instead of the project's own. */
  url: string | undefined;
}

export type SettingName = keyof SettingValues;

interface Setting {
  readonly flag?: 'host' | 'port' | 'data-dir';
  /** In order of precedence. */
  readonly env: readonly string[];
  readonly schema: z.ZodType;
  /** Completes "must be …". */
  readonly expects: string;
  readonly fallback: unknown;
  /** What a project's file may say: `inside` takes paths below the project only. */
  readonly project: 'anything' | 'inside' | 'nothing';
  /** Relative paths are resolved. */
  readonly path?: true;
  readonly secret?: true;
}

export const settings: Readonly<Record<SettingName, Setting>> = {
  host: {
    flag: 'host',
    env: ['CALLSHEET_HOST'],
    schema: z.string().regex(/^[A-Za-z0-9.:_[\]-]{1,255}$/),
    expects: 'a host name or address',
    fallback: '127.0.0.1',
    project: 'nothing',
  },
  port: {
    flag: 'port',
    env: ['CALLSHEET_PORT', 'MCP_PORT'],
    schema: wholeNumber(65_535),
    expects: 'a whole number from 0 to 65535',
    fallback: 3700,
    project: 'anything',
  },
  data_dir: {
    flag: 'data-dir',
    env: ['CALLSHEET_DATA_DIR', 'MCP_DATA_DIR'],
    schema: filePath(),
    expects: 'a path',
    fallback: undefined,
    project: 'inside',
    path: true,
  },
  log_level: {
    env: ['CALLSHEET_LOG_LEVEL', 'MCP_LOG_LEVEL'],
    schema: z.string().toLowerCase().pipe(z.enum(logLevels)),
    expects: 'debug, info, warn or error',
    fallback: 'info',
    project: 'anything',
  },
  cache_ttl: {
    env: ['CALLSHEET_CACHE_TTL', 'MCP_CACHE_TTL'],
    schema: wholeNumber(31_536_000),
    expects: 'a whole number of seconds from 0 to 31536000',
    fallback: undefined,
    project: 'anything',
  },
  auto_restart: {
    env: ['CALLSHEET_AUTO_RESTART', 'MCP_AUTO_RESTART'],
    schema: onOrOff(),
    expects: 'true or false',
    fallback: true,
    project: 'anything',
  },
  allowed_hosts: {
    env: ['CALLSHEET_ALLOWED_HOSTS'],
    schema: listOf(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/),
    expects: 'host names without port, separated by commas',
    fallback: [],
    project: 'nothing',
  },
  allowed_origins: {
    env: ['CALLSHEET_ALLOWED_ORIGINS'],
    schema: listOf(/^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._[\]:-]+$/),
    expects: 'origins like https://example.org, separated by commas',
    fallback: [],
    project: 'nothing',
  },
  api_key: {
    env: ['CALLSHEET_API_KEY'],
    schema: z.string().regex(/^[\x21-\x7e]{1,512}$/),
    expects: '1 to 512 visible ASCII characters without spaces',
    fallback: undefined,
    project: 'nothing',
    secret: true,
  },
  rate_limit: {
    env: ['CALLSHEET_RATE_LIMIT'],
    schema: wholeNumber(1_000_000),
    expects: 'a whole number of requests a second from 0 (no limit) to 1000000',
    fallback: 1000,
    project: 'nothing',
  },
  learning: {
    env: ['CALLSHEET_LEARNING'],
    schema: onOrOff(),
    expects: 'on or off',
    fallback: true,
    project: 'anything',
  },
  model_dir: {
    env: ['CALLSHEET_MODEL_DIR'],
    schema: filePath(),
    expects: 'a path',
    fallback: undefined,
    project: 'nothing',
    path: true,
  },
  url: {
    env: ['CALLSHEET_URL', 'MCP_URL'],
    schema: z.string().regex(/^http:\/\/[^\s/?#]+\/?$/),
    expects: 'an address like http://127.0.0.1:3700',
    fallback: undefined,
    project: 'nothing',
  },
};

function filePath() {
  return z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[^\0]*$/);
}

function wholeNumber(most: number) {
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number);
  return z.union([z.number(), digits]).pipe(z.number().int().min(0).max(most));
}

function onOrOff() {
  const words = z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'on', 'yes', '1', 'false', 'off', 'no', '0']));
  return z.union([z.boolean(), words.transform((word) => ['true', 'on', 'yes', '1'].includes(word))]);
}

/** Lower case, since host names are compared without regard to it. */
function listOf(item: RegExp) {
  const commas = z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );
  return z.union([z.array(z.string()), commas]).pipe(z.array(z.string().toLowerCase().regex(item)).max(100));
}
