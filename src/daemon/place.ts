/** Where the daemon of a project keeps what belongs to it: by default everything lies in `.claude/mcp-server/`. */
import { dirname, join } from 'node:path';

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

export function placeOf({ projectRoot, stateFile, logDir }: Paths): Place {
  const directory = dirname(stateFile);
  return {
    project: projectRoot,
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
