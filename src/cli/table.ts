/** Every command: its line in the overview, and how to load it. */
import type { Command } from './command.ts';

interface TableEntry {
  readonly summary: string;
  load(): Promise<Command>;
}

export type CommandTable = Readonly<Record<string, TableEntry>>;

export const commandTable: CommandTable = {
  serve: {
    summary: 'serve in the foreground',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  init: {
    summary: 'give a project Callsheet: files, registration, a running server',
    load: async () => (await import('./commands/init.ts')).init,
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
  patterns: {
    summary: 'list, show, export, import or prune the plans that were learned',
    load: async () => (await import('./commands/patterns.ts')).patterns,
  },
  mcp: {
    summary: 'speak the Model Context Protocol on stdin and stdout',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  backup: {
    summary: 'write a verified backup of what is remembered',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    summary: 'put a backup in the place of what is remembered',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  forget: {
    summary: 'remove what is remembered of a task or pattern, or is old',
    load: async () => (await import('./commands/forget.ts')).forget,
  },
  doctor: {
    summary: 'find what is wrong, and say what to do about it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  service: {
    summary: 'start the server at log-in: systemd, launchd or Task Scheduler',
    load: async () => (await import('./commands/service.ts')).service,
  },
  uninstall: {
    summary: 'stop the server and take back what init did',
    load: async () => (await import('./commands/uninstall.ts')).uninstall,
  },
};
