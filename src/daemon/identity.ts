/** Asks a server who it is: the only proof that the process behind a port is the one a state file names. */
import { parseJson } from './state-file.ts';

export interface Answer {
  /** `undefined` from a server that is not Callsheet. */
  readonly instance: string | undefined;
  /** HTTP status of `/health`: 200 or 503 from Callsheet. */
  readonly httpStatus: number;
  /** The body, as far as it is an object; with an API key set and none given it holds the status alone. */
  readonly health: Readonly<Record<string, unknown>>;
}

export interface AskOptions {
  readonly apiKey?: string;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/** Resolves to `undefined` where nothing answers in HTTP in time. */
export async function ask(url: string, options: AskOptions = {}): Promise<Answer | undefined> {
  const headers = {
    connection: 'close',
    ...(options.apiKey && { authorization: `Bearer ${options.apiKey}` }),
  };
  try {
    const response = await fetch(new URL('/health', url), {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 2_000),
    });
    const body = parseJson((await response.text()).slice(0, 1 << 20));
    return {
      instance: response.headers.get('x-callsheet-instance') ?? undefined,
      httpStatus: response.status,
      health: isRecord(body) ? body : {},
    };
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
