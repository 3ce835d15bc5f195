/** Checks of what surrounds the server: Node, what `init` laid down, the registration, how orchestrators reach it. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { planInstall } from '../install/install.ts';
import { hasClient } from '../install/laid-down.ts';
import { checkEntry, registeredEntry } from '../install/registration.ts';
import { registrationFile, scopes } from '../install/registration-file.ts';
import { send } from '../request.ts';
import { type Check, type Finding, ok } from './finding.ts';

const entrySchema = z.object({ command: z.string(), args: z.array(z.string()).default([]) });

export const node: Check = () => {
  const check = 'node';
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok(check, process.versions.node);
  const message = `${process.versions.node} is too old`;
  return { check, level: 'error', message, remedy: 'install Node 20.19 or newer: https://nodejs.org' };
};

export const writable: Check = ({ dataDir }) => {
  const check = 'data folder';
  try {
    accessSync(nearestExisting(dataDir), constants.W_OK);
    return ok(check, dataDir);
  } catch {
    const remedy = 'give yourself write access, or name another with --data-dir';
    return { check, level: 'error', message: `${dataDir} cannot be written`, remedy };
  }
};

export const files: Check = ({ place }) => {
  const check = 'files';
  try {
    const plan = planInstall(place.project, 'project');
    const wanting = plan.steps.filter(({ action }) => action === 'create' || action === 'update');
    if (wanting.length === 0) return ok(check, 'everything init lays down is there');
    return {
      check,
      level: 'warning',
      message: `missing or of another version: ${named(wanting.map(({ path }) => path))}`,
      remedy: 'callsheet init',
    };
  } catch (error) {
    return unreadable(check, error);
  }
};

function named(paths: readonly string[]): string {
  const more = paths.length - 3;
  return paths.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export const registration: Check = ({ place }) => {
  const check = 'registration';
  try {
    const found = scopes
      .map((scope) => registrationFile(place.project, scope))
      .map((file) => ({ file, entry: registeredEntry(file) }))
      .find(({ entry }) => entry !== undefined);
    if (!found) {
      const message = 'neither .mcp.json nor ~/.claude.json names callsheet';
      return { check, level: 'warning', message, remedy: 'callsheet init' };
    }
    return verified(check, found.file, found.entry);
  } catch (error) {
    return unreadable(check, error);
  }
};

function verified(check: string, file: string, entry: unknown): Finding {
  const parsed = entrySchema.safeParse(entry);
  // Somebody may have registered an address instead of a command: that is theirs to check.
  if (!parsed.success) return ok(check, `${file}, not a command`);
  const wrong = checkEntry(parsed.data);
  if (wrong === undefined) return ok(check, file);
  const message = `the command in ${file} does not run: ${wrong}`;
  return { check, level: 'error', message, remedy: 'remove the entry and run callsheet init' };
}

export const client: Check = async ({ place, condition, apiKey }) => {
  const check = 'client';
  if (!hasClient()) {
    const message = 'this build holds no client';
    return { check, level: 'warning', message, remedy: 'npm run build, then callsheet init' };
  }
  if (condition.kind !== 'running') return ok(check, 'would be answered from the embedded registry');
  const status = await callOnce(condition.state.url, apiKey);
  if (status === 200) return ok(check, `${condition.state.url} answers calls from ${place.project}`);
  const message = `a call to ${condition.state.url} is answered with ${status ?? 'nothing'}`;
  return {
    check,
    level: 'error',
    message,
    remedy: 'look for a proxy or an API key that differs; callsheet restart',
  };
};

/** A real call, as a client makes it; resolves to the HTTP status. */
async function callOnce(url: string, apiKey: string | undefined): Promise<number | undefined> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth', params: {} });
  const reply = await send({ url, body, timeoutMs: 5_000, apiKey }).catch(() => undefined);
  return reply?.status;
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function unreadable(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  return { check, level: 'error', message, remedy: 'mend the file, then callsheet init' };
}
