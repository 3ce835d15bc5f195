/** `callsheet stop`: ends the background server, whatever state it is in. */
import { unitOf } from '../../daemon/service-unit/unit.ts';
import { stop as end } from '../../daemon/stopper.ts';
import { type Command, exitCodes, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';

export const stop: Command = {
  name: 'stop',
  summary: 'stop the server in the background',
  usage: '[options]',
  examples: ['callsheet stop', 'callsheet stop --root ./catalogue'],
  options: placeOptions,
  async run(invocation) {
    const { place } = targetOf(invocation);
    unitOf(place).halt();
    const { processes, killed } = await end(place);
    const { out, err } = invocation;
    if (killed) err.line('callsheet: the server did not end by itself within 10 s and was killed');
    out.line(processes === 0 ? 'callsheet was not running' : 'callsheet stopped');
    return exitCodes.ok;
  },
};
