/** One call over HTTP: JSON-RPC out, a result back, or an error of the table, or `Away`. */
import { CallsheetError, errorNameOf } from '../protocol/errors.ts';
import type { CallContext } from '../protocol/service.ts';

/** The server did not answer, or what answered is not it, or it says that it cannot serve now. */
export class Away extends Error {
  override readonly name = 'Away';
  /** Waiting was in vain: trying again at once would be, too. */
  readonly timedOut: boolean;

  constructor(message: string, options: ErrorOptions & { timedOut?: boolean } = {}) {
    super(message, options);
    this.timedOut = options.timedOut === true;
  }
}

export interface RemoteOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly apiKey?: string | undefined;
}

let lastId = 0;

/**
 * @throws CallsheetError as the server says
 * @throws Away where it does not say anything, or says `unavailable`
 */
export async function callRemote(
  url: string,
  method: string,
  params: unknown,
  options: RemoteOptions,
  context: CallContext = {},
): Promise<unknown> {
  const id = ++lastId;
  const body = await post(url, JSON.stringify({ jsonrpc: '2.0', method, params, id }), options, context);
  return resultOf(body, id);
}

async function post(
  url: string,
  body: string,
  options: RemoteOptions,
  context: CallContext,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = context.signal ? AbortSignal.any([context.signal, timeout]) : timeout;
  const headers = {
    'content-type': 'application/json',
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
    ...(context.correlationId !== undefined && { 'x-correlation-id': context.correlationId }),
  };
  try {
    const response = await options.fetch(url, { method: 'POST', headers, body, signal });
    return await response.json();
  } catch (error) {
    context.signal?.throwIfAborted();
    throw new Away(`no answer from ${url}`, { cause: error, timedOut: timeout.aborted });
  }
}

interface Body {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

function resultOf(value: unknown, id: number): unknown {
  const body: Body = typeof value === 'object' && value !== null ? value : {};
  if (body.jsonrpc !== '2.0') throw new Away('what answers there is not Callsheet');
  if (body.error) throw errorOf(body.error);
  if (body.id !== id || body.result === undefined) throw new Away('the answer is not one to this call');
  return body.result;
}

function errorOf({ code, message, data }: NonNullable<Body['error']>): Error {
  const kind = typeof code === 'number' ? errorNameOf(code) : undefined;
  const text = typeof message === 'string' ? message : undefined;
  if (kind === 'unavailable') return new Away(text ?? 'the server cannot serve now');
  const known = typeof data === 'object' && data !== null ? { ...data } : undefined;
  return new CallsheetError(kind ?? 'internal', text, known);
}
