/** `callsheet service`: hands the background server to the system's service manager. */
import type { Place } from '../../daemon/place.ts';
import { type ManagerName, managers, type Unit, unitOf } from '../../daemon/service-unit/unit.ts';
import { stop } from '../../daemon/stopper.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  stringOption,
  UsageError,
} from '../command.ts';
import { daemonOptions, serveOptionsOf, targetOf } from '../daemon-options.ts';

export const service: Command = {
  name: 'service',
  summary: 'start the server at log-in: systemd, launchd or Task Scheduler',
  usage: 'install | uninstall | status [options]',
  examples: [
    'callsheet service install',
    'callsheet service install --dry-run',
    'callsheet service uninstall',
  ],
  positionals: [1, 1],
  options: {
    ...daemonOptions,
    'dry-run': { type: 'boolean', help: 'print the unit and write nothing' },
    manager: {
      type: 'string',
      value: '<name>',
      help: 'systemd, launchd or task-scheduler (default: this system’s)',
    },
  },
  async run(invocation) {
    const [verb] = invocation.positionals;
    if (verb === 'install') return install(invocation);
    if (verb === 'uninstall') return uninstall(invocation);
    if (verb === 'status') return status(invocation);
    throw new UsageError(`"${verb}" is not install, uninstall or status`);
  },
};

function unitFor(invocation: Invocation) {
  const { place } = targetOf(invocation);
  const name = stringOption(invocation, 'manager');
  if (name !== undefined && !isManager(name)) {
    throw new UsageError(`--manager must be ${Object.keys(managers).join(', ')}, not "${name}"`);
  }
  return { place, unit: unitOf(place, serveOptionsOf(invocation), name) };
}

function isManager(name: string): name is ManagerName {
  return Object.hasOwn(managers, name);
}

async function install(invocation: Invocation): Promise<number> {
  const { out, err } = invocation;
  const { place, unit } = unitFor(invocation);
  if (flagOption(invocation, 'dry-run')) {
    err.line(`callsheet: would write ${unit.file}`);
    out.line(unit.text.trimEnd());
    return exitCodes.ok;
  }
  unit.write();
  out.line(`Wrote ${unit.file}`);
  const refusal = unit.unreachable() ?? (await handOver(place, unit));
  if (refusal === undefined) return exitCodes.ok;
  err.line(`callsheet: the unit is not enabled: ${refusal}`);
  return exitCodes.failed;
}

/** The server that runs makes way: the manager's own would find the project served, and leave. */
async function handOver(place: Place, unit: Unit): Promise<string | undefined> {
  await stop(place);
  return unit.enable();
}

function uninstall(invocation: Invocation): number {
  const { unit } = unitFor(invocation);
  const file = unit.file;
  invocation.out.line(unit.remove() ? `Removed ${file}` : `There is no ${file}`);
  return exitCodes.ok;
}

function status(invocation: Invocation): number {
  const { unit } = unitFor(invocation);
  invocation.out.line(unit.installed() ? `Installed: ${unit.file}` : `Not installed (${unit.file})`);
  return unit.installed() ? exitCodes.ok : exitCodes.failed;
}
