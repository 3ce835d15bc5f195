/** `callsheet doctor`: what is wrong with a project's Callsheet, each finding with its remedy. */
import { examine } from '../../daemon/doctor/doctor.ts';
import type { Finding, Patient } from '../../daemon/doctor/finding.ts';
import { inspect } from '../../daemon/inspect.ts';
import { readVersion } from '../../version.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  jsonOption,
  placeOptions,
} from '../command.ts';
import { targetOf } from '../daemon-options.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'find what is wrong, and say what to do about it',
  usage: '[options]',
  examples: ['callsheet doctor', 'callsheet doctor --fix', 'callsheet doctor --json'],
  options: {
    ...placeOptions,
    ...jsonOption,
    fix: { type: 'boolean', help: 'do what can be done without losing anything' },
  },
  async run(invocation) {
    const before = await examine(await patientOf(invocation));
    const fixes = flagOption(invocation, 'fix') ? before.filter(({ fix }) => fix) : [];
    for (const { fix } of fixes) fix?.();
    const findings = fixes.length > 0 ? await examine(await patientOf(invocation)) : before;
    show(invocation, findings, fixes);
    return findings.some(({ level }) => level === 'error') ? exitCodes.failed : exitCodes.ok;
  },
};

async function patientOf(invocation: Invocation): Promise<Patient> {
  const { config, place, apiKey } = targetOf(invocation);
  const condition = await inspect(place, { apiKey });
  const { dataDir, port } = config;
  return { place, condition, dataDir, port, version: readVersion(), ...(apiKey && { apiKey }) };
}

function show(invocation: Invocation, findings: readonly Finding[], fixed: readonly Finding[]): void {
  const { out } = invocation;
  if (flagOption(invocation, 'json')) {
    out.line(JSON.stringify({ findings: findings.map(plain), fixed: fixed.map(plain) }, null, 2));
    return;
  }
  for (const { check, message } of fixed) out.line(`fixed    ${check}: ${message}`);
  for (const { check, level, message, remedy } of findings) {
    out.line(`${level.padEnd(9)}${check}: ${message}`);
    if (remedy) out.line(`         ${remedy}`);
  }
}

function plain({ check, level, message, remedy }: Finding) {
  return { check, level, message, ...(remedy && { remedy }) };
}
