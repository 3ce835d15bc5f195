/** A `Service` whose calls travel as JSON-RPC over HTTP, errors included. */
import { CallsheetError, type ErrorData, errorNameOf } from '../../src/protocol/errors.ts';
import { type MethodName, methodNames } from '../../src/protocol/methods.ts';
import type { Service } from '../../src/protocol/service.ts';

export function jsonRpcService(url: string): Service {
  const call = (method: MethodName) => async (params: unknown) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: unknown; error?: WireError };
    if (!error) return result;
    throw new CallsheetError(errorNameOf(error.code) ?? 'internal', error.message, error.data);
  };
  return Object.fromEntries(methodNames.map((method) => [method, call(method)])) as unknown as Service;
}

interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: ErrorData;
}
