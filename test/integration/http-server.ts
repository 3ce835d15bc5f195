/** A real server around a dispatch that a test understands, and two ways to talk to it: `fetch`, and bytes. */
import { connect } from 'node:net';
import { createDoor, type HttpHandlerOptions } from '../../src/http/handler.ts';
import { type Listening, listen } from '../../src/http/listen.ts';
import { CallsheetError } from '../../src/protocol/errors.ts';
import type { Dispatch } from '../../src/protocol/service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';

const health = { status: 'healthy', version: '0.0.0', warnings: [] };

/** Echoes `queryAgents`; each other name it knows ends in its own way. */
export const dispatch: Dispatch = async ({ method, params }, context) => {
  switch (method) {
    case 'getHealth':
      return health;
    case 'getMetrics':
      return { queries: { total: 1 } };
    case 'queryAgents':
      if (Array.isArray(params))
        throw new CallsheetError('invalid_params', undefined, { validation_errors: ['x'] });
      return { params: params ?? null, correlation: context.correlationId, door: context.door };
    case 'reindex':
      return { revision: 'r1', params };
    case 'getDefinition':
      throw new CallsheetError('not_found', 'no such thing', { nearest: [] });
    case 'storePattern':
      throw new CallsheetError('unavailable');
    case 'cacheDecision':
      throw new Error('secret detail in /home/ann/db.sqlite');
    case 'queryPattern':
      return { circular: circular() };
    default:
      throw new CallsheetError('method_not_found');
  }
};

function circular(): unknown {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

export function handlerOptions(over: Partial<HttpHandlerOptions> = {}): HttpHandlerOptions {
  return {
    dispatch,
    state: () => 'serving',
    prometheus: (format) => `# ${format}\n`,
    logger: silentLogger,
    countError: () => undefined,
    ...over,
    guard: {
      allowedHosts: [],
      allowedOrigins: [],
      rateLimit: 0,
      now: () => performance.now(),
      ...over.guard,
    },
  };
}

export function startServer(over: Partial<HttpHandlerOptions> = {}, drainMs?: number): Promise<Listening> {
  return listen({
    door: createDoor(handlerOptions(over)),
    host: '127.0.0.1',
    port: 0,
    hasApiKey: false,
    ...(drainMs === undefined ? {} : { drainMs }),
  });
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Sends bytes as they are and resolves to all that came back when the server closed, or `until` was in it. */
export function raw(port: number, bytes: string, until?: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until !== undefined && text.includes(until)) done();
    });
    socket.on('close', done);
    socket.on('error', done);
  });
}
