/** Writes answered queries to storage, behind the request: what was asked, what was answered, under which route. */
import type { MethodName } from '../protocol/methods.ts';
import type { Storage } from '../storage/storage.ts';
import type { Memo } from './kept-answer.ts';

/** One answer, as the dispatcher has it. */
export interface Answered {
  readonly method: MethodName;
  readonly routeId: string;
  readonly memo: Memo;
  readonly hit: boolean;
  readonly durationMs: number;
}

export interface QueryLogOptions {
  readonly storage: Pick<Storage, 'logQuery'>;
  /** Removes secrets from a text. */
  readonly redact: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface QueryLog {
  /** What there is to say of an answer, however often it is given. */
  memoOf(params: object, value: object): Memo;
  write(answered: Answered): void;
}

export function createQueryLog({ storage, redact, now }: QueryLogOptions): QueryLog {
  return {
    memoOf: (params, value) => ({ params: redacted(params, redact), returned: returnedIds(value) }),
    write: ({ method, routeId, memo: { params, returned }, hit, durationMs }) => {
      storage.logQuery({
        route_id: routeId,
        method,
        params,
        returned,
        cache_hit: hit,
        duration_ms: durationMs,
        at: now(),
      });
    },
  };
}

/** Parameters of queries are flat: texts and numbers. */
function redacted(params: object, redact: (text: string) => string): Record<string, unknown> {
  const members = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? redact(value) : value,
  ]);
  return Object.fromEntries(members);
}

/** Ids in the order of the answer: hits have them, patterns have them one level down. */
function returnedIds(value: object): string[] {
  const list = Object.values(value).find(Array.isArray) as readonly unknown[] | undefined;
  return (list ?? [value]).flatMap((item) => idOf(item) ?? []);
}

function idOf(item: unknown): string | undefined {
  const { id, pattern } = (item ?? {}) as { id?: unknown; pattern?: { id?: unknown } };
  const found = id ?? pattern?.id;
  return typeof found === 'string' ? found : undefined;
}
