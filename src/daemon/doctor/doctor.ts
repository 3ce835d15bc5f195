/** Looks at everything that has to be right for a project to be served; the order is that of cause before effect. */
import type { Check, Finding, Patient } from './finding.ts';
import { client, files, node, registration, writable } from './project-checks.ts';
import { catalogue, database, health, port, state, version } from './server-checks.ts';

const checks: readonly Check[] = [
  node,
  writable,
  state,
  port,
  version,
  health,
  database,
  catalogue,
  files,
  registration,
  client,
];

export async function examine(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(await check(patient));
  return findings;
}
