/**
 * A host's message as an HTTP request: the headers that the protocol wants beside the body (revision, method, name),
 * and how to answer in the host's name.
 */
import { RELAY_HEADER } from './relay-header.ts';

/** A JSON-RPC message, as far as a relay looks into it. */
export interface Message {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: { readonly [member: string]: unknown };
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface Wire {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string | undefined;
  /** Of a request, so that it can be cancelled; absent: nobody waits for an answer. */
  readonly key: string | undefined;
  /** Key of the request that this message cancels. */
  readonly cancels: string | undefined;
  /** By which the host wants to hear how a request goes; absent: it does not. */
  readonly progressToken: string | number | undefined;
  /** An answer to a question nobody asked: there is nobody to give it to. */
  readonly silent: boolean;
  /** What a server said, with the id of this request where it could not know it. */
  answer(text: string, ok: boolean): string;
  fail(code: number, message: string): string;
}

const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion';
const MODERN = '2026-07-28';
const LISTEN = 'subscriptions/listen';

/** Which member names the thing a request is about (SEP-2243). */
const named: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** @param version the revision agreed on at `initialize`, for messages that carry none */
export function wireOf(line: string, version: string | undefined): Wire {
  const message = readMessage(line);
  const { id, method, params } = message ?? {};
  const isRequest = method !== undefined && id !== undefined && id !== null;
  const isBatch = message === undefined;
  const cancels = method === 'notifications/cancelled' ? keyOf(params?.requestId) : undefined;
  return {
    body: line,
    headers: headersOf(method, params, version),
    method,
    key: isRequest ? keyOf(id) : isBatch ? 'batch' : undefined,
    cancels,
    progressToken: isRequest ? progressTokenOf(params) : undefined,
    silent: message !== undefined && method === undefined,
    answer: (text, ok) => (ok || id === undefined ? text : withId(text, id)),
    fail: (code, text) => JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error: { code, message: text } }),
  };
}

/** Asks for the changes of lists, in the revision that has such a question. */
export function listenWire(): Wire {
  const _meta = {
    [PROTOCOL_VERSION]: MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'callsheet-relay', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { _meta, notifications: { resourcesListChanged: true, promptsListChanged: true } };
  return wireOf(JSON.stringify({ jsonrpc: '2.0', id: 'changes', method: LISTEN, params }), undefined);
}

/** Undefined for what is no single message. */
export function readMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function progressTokenOf(params: Message['params']): string | number | undefined {
  const token = (params?._meta as Readonly<Record<string, unknown>> | undefined)?.progressToken;
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}

/** 1 and "1" are two ids. */
function keyOf(id: unknown): string {
  return JSON.stringify(id);
}

function headersOf(
  method: string | undefined,
  params: Message['params'],
  agreed: string | undefined,
): Record<string, string> {
  const meta = params?._meta as Readonly<Record<string, unknown>> | undefined;
  const claimed = meta?.[PROTOCOL_VERSION];
  const modern = typeof claimed === 'string';
  const version = modern ? claimed : agreed;
  const field = method !== undefined && Object.hasOwn(named, method) ? named[method] : undefined;
  const name = field === undefined ? undefined : params?.[field];
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    [RELAY_HEADER]: '1',
    ...(version !== undefined && { 'mcp-protocol-version': encoded(version) }),
    ...(modern && method !== undefined && { 'mcp-method': encoded(method) }),
    ...(modern && typeof name === 'string' && { 'mcp-name': encoded(name) }),
  };
}

/** What a header cannot hold goes as Base64 with a mark (SEP-2243). */
function encoded(value: string): string {
  const plain = /^[!-~](?:[ -~]*[!-~])?$/.test(value) && !value.startsWith('=?base64?');
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

function withId(text: string, id: Message['id']): string {
  const message = readMessage(text);
  return message?.error !== undefined && (message.id ?? null) === null
    ? JSON.stringify({ ...message, id })
    : text;
}
