/**
 * The one table of errors: name → JSON-RPC code → HTTP status → public message.
 *
 * Everything that can go wrong on the wire is a row here. Code throws `CallsheetError`; the doors translate it
 * with this table; any other exception is `internal`, whose details go to the log and never to a client.
 */

export interface ErrorRow {
  /** JSON-RPC 2.0 error code. */
  readonly code: number;
  /** HTTP status of a single call that fails so. */
  readonly status: number;
  /** What a client may read, unless the thrower says something better. */
  readonly message: string;
}

export const errors = {
  parse_error: { code: -32700, status: 400, message: 'Parse error' },
  invalid_request: { code: -32600, status: 400, message: 'Invalid request' },
  method_not_found: { code: -32601, status: 404, message: 'Method not found' },
  invalid_params: { code: -32602, status: 400, message: 'Invalid params' },
  internal: { code: -32603, status: 500, message: 'Internal error' },
  rate_limited: { code: -32029, status: 429, message: 'Too many requests' },
  unauthorized: { code: -32041, status: 401, message: 'Unauthorized' },
  forbidden: { code: -32043, status: 403, message: 'Forbidden' },
  not_found: { code: -32044, status: 404, message: 'Not found' },
  unavailable: { code: -32053, status: 503, message: 'Service unavailable' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof errors;

/** Members of `error.data` that clients can rely on; each appears only where it applies. */
export interface ErrorData {
  /** `invalid_params`: one sentence a fault, each naming the field. */
  readonly validation_errors?: readonly string[];
  /** `not_found`: the nearest things that do exist, best first. */
  readonly nearest?: readonly Nearest[];
  /** `internal`: finds the details in the server's log. */
  readonly correlation_id?: string;
  readonly [member: string]: unknown;
}

export interface Nearest {
  readonly id: string;
  readonly name: string;
  /** Similarity in 0..1. */
  readonly score: number;
}

/** An error that may cross the wire as it is: its message and data are written for the caller's eyes. */
export class CallsheetError extends Error {
  readonly kind: ErrorName;
  readonly data: ErrorData | undefined;

  constructor(kind: ErrorName, message?: string, data?: ErrorData, options?: ErrorOptions) {
    super(message ?? errors[kind].message, options);
    this.name = 'CallsheetError';
    this.kind = kind;
    this.data = data;
  }

  get code(): number {
    return errors[this.kind].code;
  }

  get status(): number {
    return errors[this.kind].status;
  }
}

const byCode = new Map<number, ErrorName>(
  (Object.keys(errors) as ErrorName[]).map((name) => [errors[name].code, name]),
);

/** The table's name for a JSON-RPC code, or undefined for a code that is not ours. */
export function errorNameOf(code: number): ErrorName | undefined {
  return byCode.get(code);
}
