/**
 * Where the server is: option → MCP_URL → MCP_PORT → the state file of the project → the default port.
 *
 * A project that has been served has its server named by its state file. While there is none its server is away, and
 * who listens on the default port serves another project.
 *
 * Asked again after every failure: a server that restarts may come back on another port.
 *
 * A state file may have been copied along with its folder, or have come with a repository: one that names another
 * project, or another machine, which would be sent goals and the API key, counts as absent.
 */
import { isOfThisMachine } from '../protocol/loopback.ts';
import type { Platform } from './platform.ts';

/** Folder of a project where the server keeps its state. */
export const STATE_FOLDER = '.claude/mcp-server';
/** In the state folder, what the server last knew; it stays when the server goes. */
export const REGISTRY_FILE = 'registry.json';
const DEFAULT_URL = 'http://127.0.0.1:3700';

export interface Place {
  /** Undefined where the project's server is known to be away. */
  readonly url: string | undefined;
  /** The project's state folder, with `/`; undefined where none was found. */
  readonly stateFolder: string | undefined;
}

export interface Where {
  readonly url?: string | undefined;
  readonly root?: string | undefined;
}

export function locate(where: Where, platform: Platform): Place {
  const stateFolder = findStateFolder(where.root, platform);
  const { MCP_URL, MCP_PORT } = platform.env;
  const fromPort = MCP_PORT && /^\d{1,5}$/.test(MCP_PORT) ? `http://127.0.0.1:${MCP_PORT}` : undefined;
  const named = where.url ?? (MCP_URL || fromPort) ?? urlOfState(stateFolder, platform);
  return { url: named ?? (wasServed(stateFolder, platform) ? undefined : DEFAULT_URL), stateFolder };
}

function urlOfState(folder: string | undefined, platform: Platform): string | undefined {
  const text = folder && platform.files?.read(`${folder}/state.json`);
  if (!folder || !text) return undefined;
  try {
    const { url, port, project } = JSON.parse(text) as Record<string, unknown>;
    if (typeof project === 'string' && !isProjectOf(folder, project, platform)) return undefined;
    if (typeof url === 'string') return isOfThisMachine(url, platform.addresses) ? url : undefined;
    return typeof port === 'number' ? `http://127.0.0.1:${port}` : undefined;
  } catch {
    return undefined;
  }
}

function isProjectOf(stateFolder: string, project: string, { files }: Platform): boolean {
  const own = files?.real(stateFolder.slice(0, -STATE_FOLDER.length - 1) || '/');
  return own !== undefined && forwardSlashes(own) === forwardSlashes(project);
}

function wasServed(folder: string | undefined, { files }: Platform): boolean {
  return folder !== undefined && files?.list(folder).includes(REGISTRY_FILE) === true;
}

/** The given root's folder, else the nearest one above the working directory that exists. */
function findStateFolder(root: string | undefined, platform: Platform): string | undefined {
  if (!platform.files) return undefined;
  if (root !== undefined) return `${forwardSlashes(root)}/${STATE_FOLDER}`;
  for (let folder = forwardSlashes(platform.cwd ?? ''); folder !== ''; folder = parentOf(folder)) {
    const candidate = `${folder}/${STATE_FOLDER}`;
    if (platform.files.list(candidate).length > 0) return candidate;
  }
  return undefined;
}

function forwardSlashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/\/+$/, '');
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}
