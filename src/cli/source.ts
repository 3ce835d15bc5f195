/** Whom a command asks: the project's running server, else an application in this process that never listens. */
import { createApp } from '../app.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import { silentLogger } from '../telemetry/logger.ts';
import type { Target } from './daemon-options.ts';
import { serverFor } from './remote.ts';

export interface Source {
  /** Who answers, for people: a URL, or `this process`. */
  readonly name: string;
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  close(): Promise<void>;
}

export async function openSource(target: Target): Promise<Source> {
  const server = await serverFor(target);
  if (server) return { name: server.url, call: server.call, close: async () => undefined };
  const app = await createApp(target.config, { logger: silentLogger, remember: false });
  await app.load();
  return {
    name: 'this process',
    call: (method, params) => app.service[method](params, { door: 'cli' }) as Promise<never>,
    close: () => app.stop(),
  };
}
