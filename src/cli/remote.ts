/** The server that runs for a project, as the commands ask it. */
import { ask } from '../daemon/identity.ts';
import type { Place } from '../daemon/place.ts';
import { send } from '../daemon/request.ts';
import { readState } from '../daemon/state-file.ts';
import { CallsheetError, type ErrorData, errorNameOf } from '../protocol/errors.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { Target } from './daemon-options.ts';

export interface Server {
  readonly url: string;
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
}

const CALL_MS = 120_000;

/** Whom a command asks: the server at the configured address, else the project's own; undefined where none answers. */
export async function serverFor({ config, place, apiKey }: Target): Promise<Server | undefined> {
  if (config.url === undefined) return runningServer(place, apiKey);
  const url = config.url.replace(/\/$/, '');
  const answer = await ask(url, { apiKey });
  return answer && { url, call: (method, params) => call(url, apiKey, method, params) };
}

/** The server that the state file names, if it answers and says that it is the one. */
export async function runningServer(
  place: Place,
  apiKey: string | undefined,
): Promise<(Server & { readonly pid: number }) | undefined> {
  const reading = readState(place);
  if (reading.kind !== 'present') return undefined;
  const { url, pid, instance } = reading.state;
  const answer = await ask(url, { apiKey });
  if (answer?.instance !== instance) return undefined;
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
