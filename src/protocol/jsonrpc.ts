/**
 * JSON-RPC 2.0 envelopes, as pure functions: parsed JSON → a call, or the error it deserves.
 *
 *   text → JSON.parse → readEnvelope → { calls } → dispatch → successResponse | errorResponse
 *
 * Knows nothing of HTTP and nothing of our methods. https://www.jsonrpc.org/specification
 */
import { CallsheetError, type ErrorName, errors } from './errors.ts';

export type JsonRpcId = string | number | null;

export interface JsonRpcCall {
  readonly method: string;
  /** As sent: an object, an array, or undefined when the member is absent. */
  readonly params: unknown;
  /** `undefined` marks a notification: executed, never answered. */
  readonly id: JsonRpcId | undefined;
}

export interface JsonRpcSuccess {
  readonly jsonrpc: '2.0';
  readonly result: unknown;
  readonly id: JsonRpcId;
}

export interface JsonRpcFailure {
  readonly jsonrpc: '2.0';
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly id: JsonRpcId;
}

export type JsonRpcResponse = JsonRpcSuccess | JsonRpcFailure;

/** One member of a batch, or a whole single call: a call to execute or a refusal to send. */
export type ReadCall =
  | { readonly ok: true; readonly call: JsonRpcCall }
  | { readonly ok: false; readonly response: JsonRpcFailure };

export type Envelope =
  | { readonly kind: 'single'; readonly item: ReadCall }
  | { readonly kind: 'batch'; readonly items: readonly ReadCall[] }
  | { readonly kind: 'refused'; readonly response: JsonRpcFailure };

/** Calls in one batch at most. */
export const MAX_BATCH = 50;
/** Levels of nesting at most; the outermost value is level 1. */
export const MAX_DEPTH = 32;

export function successResponse(id: JsonRpcId, result: unknown): JsonRpcSuccess {
  return { jsonrpc: '2.0', result, id };
}

/** Builds the error object for a row of the table; `message` and `data` must be fit for the caller's eyes. */
export function errorResponse(
  id: JsonRpcId,
  name: ErrorName,
  message?: string,
  data?: unknown,
): JsonRpcFailure {
  const error = { code: errors[name].code, message: message ?? errors[name].message };
  return { jsonrpc: '2.0', error: data === undefined ? error : { ...error, data }, id };
}

/** Translates whatever was thrown. Only a `CallsheetError` shows its words; anything else is `internal`. */
export function failureOf(id: JsonRpcId, thrown: unknown, correlationId?: string): JsonRpcFailure {
  if (thrown instanceof CallsheetError && thrown.kind !== 'internal') {
    return errorResponse(id, thrown.kind, thrown.message, thrown.data);
  }
  return errorResponse(
    id,
    'internal',
    undefined,
    correlationId ? { correlation_id: correlationId } : undefined,
  );
}

/** Whether `value` nests deeper than `limit` levels; looks no deeper, so hostile depth does not overflow the stack. */
export function deeperThan(value: unknown, limit: number = MAX_DEPTH): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) return value.some((item) => deeperThan(item, limit - 1));
  for (const name of Object.keys(value)) {
    if (deeperThan((value as Record<string, unknown>)[name], limit - 1)) return true;
  }
  return false;
}

/** Reads parsed JSON as a call, a batch, or the single refusal that the whole body deserves. */
export function readEnvelope(value: unknown): Envelope {
  if (deeperThan(value)) return refuse(`Invalid request: nested deeper than ${MAX_DEPTH} levels`);
  if (!Array.isArray(value)) return { kind: 'single', item: readCall(value) };
  if (value.length === 0) return refuse('Invalid request: an empty batch');
  if (value.length > MAX_BATCH) return refuse(`Invalid request: a batch holds at most ${MAX_BATCH} calls`);
  return { kind: 'batch', items: value.map(readCall) };
}

function refuse(message: string): Envelope {
  return { kind: 'refused', response: errorResponse(null, 'invalid_request', message) };
}

function readCall(value: unknown): ReadCall {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return invalid(null, 'a call is an object');
  }
  const { jsonrpc, method, params, id } = value as Record<string, unknown>;
  const hasId = Object.hasOwn(value, 'id');
  if (hasId && !isId(id)) return invalid(null, 'id must be a string, a number or null');
  const echo = hasId ? (id as JsonRpcId) : null;
  if (jsonrpc !== '2.0') return invalid(echo, 'jsonrpc must be "2.0"');
  if (typeof method !== 'string') return invalid(echo, 'method must be a string');
  if (Object.hasOwn(value, 'params') && (params === null || typeof params !== 'object')) {
    return invalid(echo, 'params must be an object or an array');
  }
  return { ok: true, call: { method, params, id: hasId ? (id as JsonRpcId) : undefined } };
}

function isId(id: unknown): id is JsonRpcId {
  return id === null || typeof id === 'string' || typeof id === 'number';
}

function invalid(id: JsonRpcId, why: string): ReadCall {
  return { ok: false, response: errorResponse(id, 'invalid_request', `Invalid request: ${why}`) };
}
