/**
 * The line to the server: finds it, calls it, tries once more what is harmless to repeat, and leaves it alone for a
 * while after a failure.
 */
import { CallsheetError } from '../protocol/errors.ts';
import { type MethodName, methods } from '../protocol/methods.ts';
import type { CallContext } from '../protocol/service.ts';
import type { Breaker } from './breaker.ts';
import { Away, callRemote, type RemoteOptions } from './remote.ts';

export interface Connection {
  /**
   * @throws CallsheetError as the server says
   * @throws Away where the server cannot be reached, or was not tried because it could not be reached just now
   */
  call(method: MethodName, params: unknown, context?: CallContext): Promise<unknown>;
}

export interface ConnectionOptions {
  /** Asked before each call: a server that was restarted may be somewhere else. Undefined: it is known to be away. */
  readonly url: () => string | undefined;
  readonly remote: RemoteOptions;
  readonly breaker: Breaker;
  readonly random: () => number;
  readonly onAway: (reason: string) => void;
  readonly onBack: (url: string) => void;
}

/** Milliseconds before the second try, times 1 to 2. */
const RETRY_AFTER = 40;

export function createConnection(options: ConnectionOptions): Connection {
  const { breaker, url, remote, random, onAway, onBack } = options;
  let asked = '';
  const once = async (method: MethodName, params: unknown, context?: CallContext): Promise<unknown> => {
    const at = url();
    if (at === undefined) throw new Away('no server of this project is running');
    asked = at;
    return callRemote(at, method, params, remote, context);
  };
  const tries = async (method: MethodName, params: unknown, context?: CallContext): Promise<unknown> => {
    try {
      return await once(method, params, context);
    } catch (error) {
      if (!(error instanceof Away) || !methods[method].idempotent || error.timedOut) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER * (1 + random())));
      return once(method, params, context);
    }
  };
  const reached = (): void => {
    if (breaker.succeeded()) onBack(asked);
  };
  return {
    call: async (method, params, context) => {
      if (!breaker.allows()) throw new Away('the server was away a moment ago');
      try {
        const result = await tries(method, params, context);
        reached();
        return result;
      } catch (error) {
        if (error instanceof Away) {
          breaker.failed();
          onAway(error.message);
        } else if (error instanceof CallsheetError) reached();
        else breaker.abandoned();
        throw error;
      }
    },
  };
}
