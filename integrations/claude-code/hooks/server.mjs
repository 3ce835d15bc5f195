/** The project's server by its state file; outcomes wait in the project's journal while there is none. */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const STATE = join('.claude', 'mcp-server');
const TIMEOUT_MS = 600;

/** The nearest folder above with a server's state; undefined where Callsheet was never started. */
function stateFolder(cwd) {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, STATE))) return join(folder, STATE);
    if (folder === dirname(folder)) return undefined;
  }
}

/** @returns the method's result; throws where there is no server, or it refuses */
export async function ask(cwd, method, params) {
  const folder = stateFolder(cwd);
  if (!folder) throw new Error('no server');
  const { url, project } = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  if (project !== realpathSync(join(folder, '..', '..'))) throw new Error('copied from another project');
  if (!/^http:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?\/?$/.test(url))
    throw new Error('not on this machine');
  const key = process.env.CALLSHEET_API_KEY;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { result, error } = await response.json();
  if (error) throw Object.assign(new Error(error.message), { code: error.code });
  return result;
}

const INVALID = -32602;

export async function record(cwd, decision) {
  if (!decision) return;
  try {
    await ask(cwd, 'cacheDecision', decision);
  } catch (error) {
    if (error.code !== INVALID) journal(cwd, decision);
  }
}

/** As the client library writes it: whoever reaches the server next delivers it. */
function journal(cwd, decision) {
  const folder = stateFolder(cwd);
  if (!folder) return;
  const file = join(
    folder,
    'journal',
    `${String(Date.now()).padStart(15, '0')}-0-${process.pid.toString(16)}.json`,
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(decision), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}
