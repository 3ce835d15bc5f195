/**
 * `callsheet init`: gives a project Callsheet, from files to a healthy server.
 *
 *   plan ─► lay files down, register for the host ─► start ─► verify ─► say how it stands
 */
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fallbackNotice } from '../../daemon/install/fallback-notice.ts';
import { planInstall, type Step } from '../../daemon/install/install.ts';
import { checkEntry, registrationEntry } from '../../daemon/install/registration.ts';
import { type Scope, scopes } from '../../daemon/install/registration-file.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  stringOption,
  UsageError,
} from '../command.ts';
import { listenOptions, serveOptionsOf, targetOf } from '../daemon-options.ts';
import { startDaemon } from './start.ts';

export const init: Command = {
  name: 'init',
  summary: 'give a project Callsheet: files, registration, a running server',
  usage: '[dir] [options]',
  examples: ['callsheet init', 'callsheet init ../shop --dry-run', 'callsheet init --scope user'],
  positionals: [0, 1],
  options: {
    scope: {
      type: 'string',
      value: '<scope>',
      help: 'where to register: project (.mcp.json, the default) or user (~/.claude.json)',
    },
    'dry-run': { type: 'boolean', help: 'show every change and make none' },
    ...listenOptions,
  },
  async run(invocation) {
    const project = projectOf(invocation);
    const plan = planInstall(project, scopeOf(invocation));
    for (const step of plan.steps) invocation.err.line(shown(step));
    if (flagOption(invocation, 'dry-run')) {
      invocation.err.line('start     the server, in the background');
      invocation.out.line(`Nothing was changed in ${project}.`);
      return exitCodes.ok;
    }
    plan.apply();
    return serveAndReport({ ...invocation, cwd: project }, project);
  },
};

/** The folder to give Callsheet: the one named, else the project around the working directory; its real path. */
export function projectOf(invocation: Invocation): string {
  const named = invocation.positionals[0];
  if (named === undefined) return targetOf(invocation).place.project;
  const project = resolve(invocation.cwd, named);
  if (!statSync(project, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`there is no folder ${project}`);
  }
  return realpathSync(project);
}

function scopeOf(invocation: Invocation): Scope {
  const scope = stringOption(invocation, 'scope') ?? 'project';
  const known = scopes.find((each) => each === scope);
  if (known) return known;
  throw new UsageError(`--scope must be "project" or "user", not "${scope}"`);
}

function shown({ action, path, note }: Step): string {
  return `${action.padEnd(10)}${path}${note ? ` (${note})` : ''}`;
}

async function serveAndReport(invocation: Invocation, project: string): Promise<number> {
  const { out, err } = invocation;
  const unusable = checkEntry(registrationEntry());
  if (unusable) err.line(`callsheet: the registered command does not work yet: ${unusable}`);
  try {
    await startDaemon(invocation, targetOf(invocation), serveOptionsOf(invocation));
  } catch (error) {
    err.line(`callsheet: ${error instanceof Error ? error.message : String(error)}`);
    out.line(`Callsheet is laid down in ${project}, but its server does not run. ${fallbackNotice()}`);
    return exitCodes.failed;
  }
  out.line(`Callsheet serves ${project}. "callsheet uninstall" takes everything back.`);
  return exitCodes.ok;
}
