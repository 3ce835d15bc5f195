/**
 * The interface that the method table induces. The engine implements it, the HTTP client implements it, the
 * fallback implements it; doors and orchestrators need not know which they hold.
 */
import type { MethodName, Params, Result } from './methods.ts';

/** What travels beside a call. */
export interface CallContext {
  /** Ties the log lines of one request together; 1–128 of `[A-Za-z0-9._:-]`. */
  readonly correlationId?: string;
  /** Which door the call came through, for logs and metrics. */
  readonly door?: 'http' | 'mcp' | 'cli' | 'client' | 'internal';
  readonly signal?: AbortSignal;
  /** The caller writes JSON: `Dispatch` may answer with a `JsonText` in place of the result. */
  readonly json?: boolean;
}

export type Service = {
  readonly [M in MethodName]: (params: Params<M>, context?: CallContext) => Promise<Result<M>>;
};

/** The untyped door into a service: validates, observes, caches, then calls the handler. Rejects with `CallsheetError`. */
export type Dispatch = (call: { method: string; params: unknown }, context: CallContext) => Promise<unknown>;
