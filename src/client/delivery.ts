/**
 * Decisions on their way to the server: one after another, so that a newer one of a task never arrives before an
 * older one; kept in the journal while the server is away.
 */
import { CallsheetError } from '../protocol/errors.ts';
import type { CallContext } from '../protocol/service.ts';
import { validate } from '../protocol/validation.ts';
import { nearestName } from '../search/nearest-name.ts';
import type { Connection } from './connection.ts';
import type { Decision, Journal } from './journal.ts';
import { Away } from './remote.ts';

export interface Delivery {
  /** The server's answer, or `{ stored: false, queued: true }`. */
  decide(decision: Decision, context?: CallContext): Promise<unknown>;
  /** Sends what waits until the server is away again; resolves to how many still wait. */
  flush(): Promise<number>;
}

export interface DeliveryOptions {
  readonly connection: Connection;
  readonly journal: Journal;
  /** `false`: a decision that cannot be sent is an error, nothing is queued. */
  readonly queue: boolean;
  readonly on: (kind: 'queued' | 'delivered' | 'dropped', taskId: string) => void;
}

export function createDelivery({ connection, journal, queue, on }: DeliveryOptions): Delivery {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const keep = (given: Decision) => {
    // What the server would refuse is refused now, while somebody can still mend it.
    const decision = validate('cacheDecision', given, nearestName);
    for (const taskId of journal.put(decision)) on('dropped', taskId);
    on('queued', decision.task_id);
    return { stored: false, queued: true };
  };
  const send = async (decision: Decision, context?: CallContext): Promise<unknown> => {
    try {
      const answer = await connection.call('cacheDecision', decision, context);
      journal.remove(decision.task_id);
      return answer;
    } catch (error) {
      if (error instanceof Away && queue) return keep(decision);
      throw error;
    }
  };
  const deliver = async (decision: Decision): Promise<boolean> => {
    try {
      await connection.call('cacheDecision', decision);
      on('delivered', decision.task_id);
    } catch (error) {
      if (!(error instanceof CallsheetError) || transient.has(error.kind)) return false;
      // The server will never take it: keeping it would block the others.
      on('dropped', decision.task_id);
    }
    journal.remove(decision.task_id);
    return true;
  };
  return {
    decide: (decision, context) => inTurn(() => send(decision, context)),
    flush: () =>
      inTurn(async () => {
        for (const decision of journal.pending()) if (!(await deliver(decision))) break;
        return journal.size;
      }),
  };
}

/** Refusals that say nothing about the decision itself. */
const transient: ReadonlySet<string> = new Set([
  'rate_limited',
  'internal',
  'unauthorized',
  'forbidden',
  'method_not_found',
]);
