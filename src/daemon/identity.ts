/** Asks a server who it is: the only proof that the process behind a port is the one a state file names. */
import { send } from './request.ts';
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
  readonly apiKey?: string | undefined;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/** Resolves to `undefined` where nothing answers in HTTP in time. */
export async function ask(url: string, options: AskOptions = {}): Promise<Answer | undefined> {
  const { apiKey, timeoutMs = 2_000 } = options;
  const reply = await send({ url: `${url}/health`, timeoutMs, apiKey }).catch(() => undefined);
  if (!reply) return undefined;
  const body = parseJson(reply.text);
  return { instance: reply.instance, httpStatus: reply.status, health: isRecord(body) ? body : {} };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
