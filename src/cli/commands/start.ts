/** `callsheet start`: the server in the background. */
import { start as launch } from '../../daemon/launcher.ts';
import { readVersion } from '../../version.ts';
import { type Command, exitCodes, type Invocation } from '../command.ts';
import { daemonOptions, serveOptionsOf, type Target, targetOf } from '../daemon-options.ts';

export const start: Command = {
  name: 'start',
  summary: 'start the server in the background',
  usage: '[options]',
  examples: ['callsheet start', 'callsheet start --port 4000', 'callsheet start --root ./catalogue'],
  options: daemonOptions,
  async run(invocation) {
    return startDaemon(invocation, targetOf(invocation), serveOptionsOf(invocation));
  },
};

/** Starts and prints the address; `serveOptions` are what `serve` gets. */
export async function startDaemon(
  { out, err }: Pick<Invocation, 'out' | 'err'>,
  { config, place, apiKey }: Target,
  serveOptions: readonly string[],
): Promise<number> {
  const { state, outcome } = await launch({
    place,
    serveOptions,
    port: config.port,
    autoRestart: config.auto_restart,
    version: readVersion(),
    ...(apiKey && { apiKey }),
    say: (line) => err.line(`callsheet: ${line}`),
  });
  if (outcome === 'already running') {
    err.line(`callsheet: already running (pid ${state.pid}); "callsheet restart" starts it anew`);
  }
  out.line(`callsheet listening on ${state.url}`);
  return exitCodes.ok;
}
