/** Checks of the server: its state, port, version, what it says of itself. */
import { existsSync, rmSync } from 'node:fs';
import { isRecord } from '../identity.ts';
import { portHolder } from '../port-holder.ts';
import { dropDeadLock } from '../start-lock.ts';
import { removeState } from '../state-file.ts';
import { type Check, type Finding, ok, type Patient } from './finding.ts';

export const state: Check = ({ condition, place }) => {
  const check = 'state';
  if (condition.kind === 'running') return ok(check, `the server runs at ${condition.state.url}`);
  if (condition.kind !== 'stopped') {
    const pids = condition.processes.map(({ pid }) => pid).join(', ');
    const message = `the server is ${condition.kind} and does not answer (process ${pids})`;
    return { check, level: 'error', message, remedy: 'callsheet restart' };
  }
  if (condition.note) {
    const fix = (): void => {
      removeState(place);
      rmSync(place.crashFile, { force: true });
      dropDeadLock(place.lockFile);
    };
    return {
      check,
      level: 'warning',
      message: condition.note,
      remedy: 'callsheet doctor --fix, or start',
      fix,
    };
  }
  return { check, level: 'warning', message: 'the server does not run', remedy: 'callsheet start' };
};

export const port: Check = async ({ condition, port: wanted }) => {
  const check = 'port';
  if (condition.kind === 'running') {
    const { port: used } = condition.state;
    if (wanted === 0 || used === wanted) return ok(check, `it listens on ${used}`);
    const holder = (await portHolder(wanted)) ?? 'nobody now; a restart takes it';
    return ok(check, `it listens on ${used}; ${wanted} is held by ${holder}`);
  }
  const holder = wanted === 0 ? undefined : await portHolder(wanted);
  if (!holder) return ok(check, wanted === 0 ? 'any' : `${wanted} is free`);
  const remedy = 'none needed: a start takes the next free port; --port or MCP_PORT name another';
  return { check, level: 'warning', message: `${wanted} is held by ${holder}`, remedy };
};

export const version: Check = ({ condition, version: ours }) => {
  const check = 'version';
  if (condition.kind !== 'running' || condition.state.version === ours) return ok(check, ours);
  const message = `the server is ${condition.state.version}, this is ${ours}`;
  return { check, level: 'warning', message, remedy: 'callsheet start replaces it' };
};

export const health: Check = (patient) => {
  const check = 'health';
  const body = healthOf(patient);
  if (!body) return ok(check, 'not asked: the server does not run');
  const warnings = Array.isArray(body.warnings) ? body.warnings.map(String) : [];
  if (body.status === 'healthy' && warnings.length === 0) return ok(check, 'healthy');
  const message = [String(body.status), ...warnings].join('; ');
  return { check, level: 'warning', message, remedy: 'callsheet logs shows what led to it' };
};

export const catalogue: Check = (patient) => {
  const check = 'catalogue';
  const body = healthOf(patient);
  if (!body || typeof body.problems !== 'number') return ok(check, 'not asked: the server does not run');
  if (body.problems === 0) return ok(check, 'no problems');
  return {
    check,
    level: 'warning',
    message: `${body.problems} problems in files of the catalogue`,
    remedy: 'callsheet problems lists them, each with its remedy',
  };
};

export const database: Check = (patient) => {
  const check = 'database';
  const { database: said } = healthOf(patient) ?? {};
  if (isRecord(said) && said.connected === false) {
    return {
      check,
      level: 'warning',
      message: 'the server has no database: outcomes are not remembered',
      remedy: 'callsheet logs says why; better-sqlite3, or Node 22.5 with node:sqlite, is needed',
    };
  }
  if (isRecord(said)) return ok(check, `connected, ${String(said.size_mb)} MB`);
  return folder(check, patient.dataDir);
};

/** Whether what was learned is being kept somewhere. */
function folder(check: string, dataDir: string): Finding {
  return ok(check, existsSync(dataDir) ? `kept in ${dataDir}` : 'none yet');
}

function healthOf({ condition }: Patient): Readonly<Record<string, unknown>> | undefined {
  return condition.kind === 'running' ? condition.answer.health : undefined;
}
