/** `callsheet status`: whether the server runs, verified by asking it, and how it is. */
import { readCrash } from '../../daemon/crash.ts';
import { isRecord } from '../../daemon/identity.ts';
import { type Condition, inspect } from '../../daemon/inspect.ts';
import type { Place } from '../../daemon/place.ts';
import { readVersion } from '../../version.ts';
import { type Command, exitCodes, flagOption, jsonOption, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';

export const status: Command = {
  name: 'status',
  summary: 'say whether the server runs, where, and how it is',
  usage: '[options]',
  examples: ['callsheet status', 'callsheet status --json'],
  options: { ...placeOptions, ...jsonOption },
  async run(invocation) {
    const { place, apiKey } = targetOf(invocation);
    const found = await inspect(place, { apiKey });
    if (flagOption(invocation, 'json')) {
      invocation.out.line(JSON.stringify(summary(found), null, 2));
      return exitCodes.ok;
    }
    for (const line of report(found, place)) invocation.out.line(line);
    return found.kind === 'running' ? exitCodes.ok : exitCodes.failed;
  },
};

/** For programs: who answers, or that nobody does. */
function summary(found: Condition) {
  if (found.kind !== 'running') return { running: false, pid: null, port: null, url: null, version: null };
  const { pid, port, url, version } = found.state;
  return { running: true, pid, port, url, version };
}

function report(found: Condition, place: Place): string[] {
  if (found.kind === 'running') return runningReport(found);
  const crash = readCrash(place);
  const last = crash ? [`last crash: ${crash.at}, ${crash.message}; see "callsheet logs"`] : [];
  if (found.kind === 'stopped') {
    return ['callsheet is not running', ...(found.note ? [found.note] : []), ...last];
  }
  const pids = found.processes.map(({ pid, role }) => `${role} ${pid}`).join(', ');
  return [`callsheet is ${found.kind} and does not answer (${pids})`, ...last, 'remedy: callsheet restart'];
}

function runningReport({ state, answer, processes }: Extract<Condition, { kind: 'running' }>): string[] {
  const { health } = answer;
  const supervised = processes.some(({ role }) => role === 'supervisor');
  return [
    `callsheet is running: ${String(health.status ?? 'unknown')}`,
    `  address   ${state.url} (pid ${state.pid}, version ${state.version})`,
    ...row('uptime', typeof health.uptime_ms === 'number' && duration(health.uptime_ms)),
    ...row('indexed', counts(health.indexes)),
    ...row('memory', typeof health.memory_mb === 'number' && `${health.memory_mb} MB`),
    ...row('problems', problems(health.problems)),
    `  restarts  ${supervised ? 'a crash starts it again' : 'it is not restarted after a crash'}`,
    ...drift(state.version),
    ...warnings(health.warnings).map((warning) => `  warning   ${warning}`),
  ];
}

function drift(version: string): string[] {
  const ours = readVersion();
  return version === ours
    ? []
    : [`  warning   this is version ${ours}; "callsheet start" replaces the server`];
}

function row(name: string, text: string | false | undefined): string[] {
  return text ? [`  ${name.padEnd(10)}${text}`] : [];
}

function problems(count: unknown): string | undefined {
  if (typeof count !== 'number') return undefined;
  return count === 0 ? 'none' : `${count}; "callsheet problems" lists them`;
}

function counts(indexes: unknown): string | undefined {
  if (!isRecord(indexes)) return undefined;
  return Object.entries(indexes)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(', ');
}

function warnings(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
