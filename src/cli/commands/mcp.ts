/**
 * `callsheet mcp`: the Model Context Protocol on stdin and stdout, as hosts start it.
 *
 *   a server runs for this project? ─► its answers, one index and one memory for all sessions
 *   none, or it went away           ─► answers of this process, until there is a server again
 */
import type { Target } from '../../mcp/relay.ts';
import { serveStdio } from '../../mcp/stdio.ts';
import { type Command, exitCodes, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { openHost } from '../host.ts';
import { createMcpTargets } from '../mcp-targets.ts';

export const mcp: Command = {
  name: 'mcp',
  summary: 'speak the Model Context Protocol on stdin and stdout',
  usage: '[options]',
  examples: [
    'callsheet mcp                        as a host starts it, for the project in the working directory',
    'callsheet mcp --root ~/agents        these definitions alone',
    'claude mcp add callsheet -- callsheet mcp',
  ],
  options: { ...placeOptions },
  async run(invocation) {
    const host = openHost();
    let last: Target | undefined;
    const note = (text: string): void => invocation.err.line(`callsheet: ${text}`);
    const targets = createMcpTargets(targetOf(invocation));
    try {
      await serveStdio({
        input: host.input,
        target: async (failures) => {
          const target = await targets.current(failures);
          if (target.name !== last?.name) note(`answers come from ${target.name}`);
          last = target;
          return target;
        },
        write: (message) => invocation.out.line(message),
        note,
        pause: host.pause,
      });
      return exitCodes.ok;
    } finally {
      await targets.close();
      host.close();
    }
  },
};
