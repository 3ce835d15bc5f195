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
  /** Asked before each call: a server that was restarted may be somewhere else. */
  readonly url: () => string;
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
  const tries = async (method: MethodName, params: unknown, context?: CallContext): Promise<unknown> => {
    try {
      return await callRemote(url(), method, params, remote, context);
    } catch (error) {
      if (!(error instanceof Away) || !methods[method].idempotent || error.timedOut) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER * (1 + random())));
      return callRemote(url(), method, params, remote, context);
    }
  };
  const reached = (): void => {
    if (breaker.succeeded()) onBack(url());
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
