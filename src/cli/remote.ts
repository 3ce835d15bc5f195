/**
 * The server that runs for a project, as the commands ask it. Through node:http, which a server loads anyway:
 * `fetch` would cost it megabytes.
 */
import { request } from 'node:http';
import type { Place } from '../daemon/place.ts';
import { readState } from '../daemon/state-file.ts';
import { CallsheetError, type ErrorData, errorNameOf } from '../protocol/errors.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';

export interface Server {
  readonly url: string;
  readonly pid: number;
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
}

const HEALTH_MS = 2000;
const CALL_MS = 120_000;

/** The server that the state file names, if it answers and says that it is the one. */
export async function runningServer(place: Place, apiKey: string | undefined): Promise<Server | undefined> {
  const reading = readState(place);
  if (reading.kind !== 'present') return undefined;
  const { url, pid, instance } = reading.state;
  const reply = await send({ url: `${url}/health`, timeoutMs: HEALTH_MS, apiKey }).catch(() => undefined);
  if (reply?.instance !== instance) return undefined;
  return { url, pid, call: (method, params) => call(url, apiKey, method, params) };
}

/** @throws CallsheetError as the server gave it; `unavailable` where it does not answer */
async function call<M extends MethodName>(
  url: string,
  apiKey: string | undefined,
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const reply = await send({ url, body, timeoutMs: CALL_MS, apiKey }).catch((cause: Error) => {
    throw new CallsheetError('unavailable', `the server at ${url} does not answer: ${cause.message}`);
  });
  const { result, error } = JSON.parse(reply.text) as { result: Result<M>; error?: WireError };
  if (!error) return result;
  throw new CallsheetError(errorNameOf(error.code) ?? 'internal', error.message, error.data);
}

interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: ErrorData;
}

interface Sending {
  readonly url: string;
  /** Absent: a GET. */
  readonly body?: string;
  readonly timeoutMs: number;
  readonly apiKey: string | undefined;
}

interface Reply {
  readonly text: string;
  readonly instance: string | undefined;
}

function send({ url, body, timeoutMs, apiKey }: Sending): Promise<Reply> {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const options = { method: body === undefined ? 'GET' : 'POST', headers, agent: false, timeout: timeoutMs };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const instance = response.headers['x-callsheet-instance'];
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          text: Buffer.concat(chunks).toString('utf8'),
          instance: typeof instance === 'string' ? instance : undefined,
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('it took too long')));
    sent.on('error', reject);
    sent.end(body);
  });
}
