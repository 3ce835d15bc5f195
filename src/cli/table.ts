/** Every command: its line in the overview, and how to load it. */
import type { Command } from './command.ts';

interface TableEntry {
  readonly summary: string;
  load(): Promise<Command>;
}

export const commandTable: Readonly<Record<string, TableEntry>> = {
  serve: {
    summary: 'serve in the foreground',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  start: {
    summary: 'start the server in the background',
    load: async () => (await import('./commands/start.ts')).start,
  },
  stop: {
    summary: 'stop the server in the background',
    load: async () => (await import('./commands/stop.ts')).stop,
  },
  restart: {
    summary: 'stop the server in the background and start it again',
    load: async () => (await import('./commands/restart.ts')).restart,
  },
  status: {
    summary: 'say whether the server runs, where, and how it is',
    load: async () => (await import('./commands/status.ts')).status,
  },
  logs: {
    summary: 'show the end of the server’s log',
    load: async () => (await import('./commands/logs.ts')).logs,
  },
  query: {
    summary: 'ask who should do a task, or which skill or workflow helps',
    load: async () => (await import('./commands/query.ts')).query,
  },
  reindex: {
    summary: 'read the catalogue again and say what changed',
    load: async () => (await import('./commands/reindex.ts')).reindex,
  },
  problems: {
    summary: 'list the files that could not be read cleanly, with the remedy',
    load: async () => (await import('./commands/problems.ts')).problems,
  },
  mcp: {
    summary: 'speak the Model Context Protocol on stdin and stdout',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
};
