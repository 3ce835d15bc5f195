/** Where the daemon of a project keeps what belongs to it: by default everything lies in `.claude/mcp-server/`. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Place {
  /** Absolute path of the project. */
  readonly project: string;
  /** Holds the files below. */
  readonly directory: string;
  /** Who serves this project; see `state-file.ts`. */
  readonly stateFile: string;
  /** The server's process id alone, for people and scripts. */
  readonly pidFile: string;
  /** Held by a `start` while it decides and launches. */
  readonly lockFile: string;
  /** What the supervisor wrote about the last crash. */
  readonly crashFile: string;
  /** What clients answer from while the server is away, written by the server. */
  readonly registryFile: string;
  /** What the server and its supervisor print: crashes, above all. */
  readonly outputFile: string;
  /** The server's own log of today. */
  readonly logFile: string;
}

/** The part of the configuration that decides where a daemon's files lie. */
export interface Paths {
  readonly projectRoot: string;
  readonly stateFile: string;
  readonly logDir: string;
}

/** Paths are resolved through symbolic links, so that one project is one place however it is reached. */
export function placeOf(paths: Paths): Place {
  const stateFile = canonical(paths.stateFile);
  const logDir = canonical(paths.logDir);
  const directory = dirname(stateFile);
  return {
    project: canonical(paths.projectRoot),
    directory,
    stateFile,
    pidFile: join(directory, 'mcp.pid'),
    lockFile: join(directory, 'start.lock'),
    crashFile: join(directory, 'last-crash.json'),
    registryFile: join(directory, 'registry.json'),
    outputFile: join(logDir, 'daemon.log'),
    logFile: join(logDir, 'mcp.log'),
  };
}

/** Where clients look, which know the project alone; another place than `place` when its data has been moved. */
export function usualPlace({ project }: Place): Place {
  const directory = join(project, '.claude', 'mcp-server');
  const stateFile = join(directory, 'state.json');
  return placeOf({ projectRoot: project, stateFile, logDir: join(directory, 'logs') });
}

/** What exists of a path is resolved, the rest stays. */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(canonical(parent), basename(path));
  }
}
