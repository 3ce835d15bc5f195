/** What a route answers, before it becomes a `Response`; and the refusals that only HTTP has. */
import { CallsheetError, type ErrorName } from '../protocol/errors.ts';
import { failureOf, type JsonRpcId } from '../protocol/jsonrpc.ts';

export interface Answer {
  readonly status: number;
  /** As text, or as UTF-8. */
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  /** Lower-case names; `content-type` is JSON unless it says otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Told apart by what only it has: naming `Response` would load the platform's. */
export function isAnswer(answer: Answer | Response): answer is Answer {
  return !('ok' in answer);
}

/** A request turned away before any method ran: a row of the error table, some with an HTTP status of their own. */
export class Refusal extends CallsheetError {
  readonly headers: Readonly<Record<string, string>>;
  readonly #status: number | undefined;

  constructor(
    kind: ErrorName,
    message: string,
    http: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(kind, message);
    this.#status = http.status;
    this.headers = http.headers ?? {};
  }

  override get status(): number {
    return this.#status ?? super.status;
  }
}

export function jsonAnswer(value: unknown, status = 200, headers?: Readonly<Record<string, string>>): Answer {
  return { status, body: JSON.stringify(value), ...(headers ? { headers } : {}) };
}

/** Whatever was thrown, as an answer: a JSON-RPC error under the status of its row. */
export function errorAnswer(thrown: unknown, correlationId: string, id: JsonRpcId = null): Answer {
  const status = thrown instanceof CallsheetError ? thrown.status : 500;
  const headers = thrown instanceof Refusal ? thrown.headers : undefined;
  return jsonAnswer(failureOf(id, thrown, correlationId), status, headers);
}
