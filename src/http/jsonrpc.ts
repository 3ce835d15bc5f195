/**
 * JSON-RPC over HTTP: body text → envelope → calls → dispatch → one answer.
 *
 * A single call's HTTP status is that of its error's row; a batch is 200; notifications alone are 204. The calls of
 * a batch run a few at a time.
 */
import { errorNameOf, errors } from '../protocol/errors.ts';
import { JsonText } from '../protocol/json-text.ts';
import {
  errorResponse,
  failureOf,
  type JsonRpcCall,
  type JsonRpcId,
  type JsonRpcResponse,
  type ReadCall,
  readEnvelope,
  successResponse,
} from '../protocol/jsonrpc.ts';
import type { CallContext, Dispatch } from '../protocol/service.ts';
import type { Answer } from './answer.ts';

/** Calls of one batch that run at the same time. */
const BATCH_CONCURRENCY = 8;

export interface RpcPort {
  readonly dispatch: Dispatch;
  /** Told of errors that no dispatch has seen: envelopes that were refused. */
  readonly countError: (code: number) => void;
}

export type RpcContext = CallContext & { readonly correlationId: string };

/** Never rejects. */
export async function answerRpc(text: string, port: RpcPort, context: RpcContext): Promise<Answer> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(errorResponse(null, 'parse_error'), port);
  }
  const envelope = readEnvelope(value);
  if (envelope.kind === 'refused') return refused(envelope.response, port);
  if (envelope.kind === 'batch') return answerBatch(envelope.items, port, context);
  if (!envelope.item.ok) return refused(envelope.item.response, port);
  const written = await execute(envelope.item.call, port, context);
  return written === undefined ? { status: 204, body: null } : written;
}

/** The refusal that a body deserves before anything in it is looked at as a call; undefined when there is none. */
export function refusalOf(value: unknown): Answer | undefined {
  const envelope = readEnvelope(value);
  return envelope.kind === 'refused' ? write(envelope.response) : undefined;
}

async function answerBatch(items: readonly ReadCall[], port: RpcPort, context: RpcContext): Promise<Answer> {
  const texts: (string | undefined)[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const answer = item.ok ? await execute(item.call, port, context) : refused(item.response, port);
      texts[index] = answer?.body ? String(answer.body) : undefined;
    }
  };
  await Promise.all(Array.from({ length: Math.min(BATCH_CONCURRENCY, items.length) }, work));
  const answered = texts.filter((text) => text !== undefined);
  return answered.length === 0
    ? { status: 204, body: null }
    : { status: 200, body: `[${answered.join(',')}]` };
}

/** Undefined for a notification, which is executed all the same. */
async function execute(
  { method, params, id }: JsonRpcCall,
  { dispatch }: RpcPort,
  context: RpcContext,
): Promise<Answer | undefined> {
  try {
    const result = await dispatch({ method, params }, context);
    if (id === undefined) return undefined;
    if (result instanceof JsonText) return { status: 200, body: successBytes(id, result) };
    return write(successResponse(id, result));
  } catch (thrown) {
    return id === undefined ? undefined : write(failureOf(id, thrown, context.correlationId));
  }
}

const opening = Buffer.from('{"jsonrpc":"2.0","result":');

/** `successResponse` as UTF-8. */
function successBytes(id: JsonRpcId, { head, tail }: JsonText): Buffer<ArrayBuffer> {
  const rest = `${tail},"id":${JSON.stringify(id)}}`;
  const bytes = Buffer.allocUnsafe(opening.length + head.length + Buffer.byteLength(rest));
  bytes.set(opening);
  bytes.set(head, opening.length);
  bytes.write(rest, opening.length + head.length);
  return bytes;
}

function refused(response: JsonRpcResponse, { countError }: RpcPort): Answer {
  if ('error' in response) countError(response.error.code);
  return write(response);
}

function write(response: JsonRpcResponse): Answer {
  const name = 'error' in response ? (errorNameOf(response.error.code) ?? 'internal') : undefined;
  return { status: name === undefined ? 200 : errors[name].status, body: JSON.stringify(response) };
}
