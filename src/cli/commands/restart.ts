/** `callsheet restart`: stop, then start; with the options of the running server unless others are given. */
import { unitOf } from '../../daemon/service-unit/unit.ts';
import { readState } from '../../daemon/state-file.ts';
import { stop } from '../../daemon/stopper.ts';
import type { Command } from '../command.ts';
import { daemonOptions, serveOptionsOf, targetOf } from '../daemon-options.ts';
import { startDaemon } from './start.ts';

export const restart: Command = {
  name: 'restart',
  summary: 'stop the server in the background and start it again',
  usage: '[options]',
  examples: ['callsheet restart', 'callsheet restart --port 4000'],
  options: daemonOptions,
  async run(invocation) {
    const target = targetOf(invocation);
    const before = readState(target.place);
    const given = serveOptionsOf(invocation);
    const kept = given.length === 0 && before.kind === 'present' ? before.state.options : given;
    unitOf(target.place).halt();
    await stop(target.place);
    return startDaemon(invocation, target, kept);
  },
};
