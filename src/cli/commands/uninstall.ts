/** `callsheet uninstall`: stops the server and takes back what `init` did; what it learned stays unless it is to go. */
import { planUninstall, type Removal, uninstall as takeBack } from '../../daemon/install/uninstall.ts';
import { unitOf } from '../../daemon/service-unit/unit.ts';
import { stop } from '../../daemon/stopper.ts';
import { type Command, exitCodes, flagOption } from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { projectOf } from './init.ts';

export const uninstall: Command = {
  name: 'uninstall',
  summary: 'stop the server and take back what init did',
  usage: '[dir] [options]',
  examples: ['callsheet uninstall', 'callsheet uninstall --dry-run', 'callsheet uninstall --purge'],
  positionals: [0, 1],
  options: {
    'dry-run': { type: 'boolean', help: 'show every change and make none' },
    purge: { type: 'boolean', help: 'also remove what was learned and logged (.claude/mcp-server)' },
  },
  async run(invocation) {
    const { out, err } = invocation;
    const project = projectOf(invocation);
    const show = ({ outcome, path, note }: Removal): void =>
      err.line(`${outcome.padEnd(10)}${path}${note ? ` (${note})` : ''}`);
    if (flagOption(invocation, 'dry-run')) {
      planUninstall(project).forEach(show);
      out.line(`Nothing was changed in ${project}.`);
      return exitCodes.ok;
    }
    const { place } = targetOf({ ...invocation, cwd: project });
    unitOf(place).remove();
    await stop(place);
    const { removals, left } = takeBack(project, flagOption(invocation, 'purge'));
    removals.forEach(show);
    out.line(`Callsheet is no longer in ${project}.`);
    if (left.length > 0)
      out.line(`State is left in ${left.join(', ')}; "callsheet uninstall --purge" removes it.`);
    return exitCodes.ok;
  },
};
