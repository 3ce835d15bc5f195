/**
 * An application in this process, for a host whose project has no running server.
 *
 * The database belongs to whoever serves, and a session of a host may last for days: it must not keep a server from
 * starting. So it works on a copy of what is remembered, and writes its outcomes into the client's journal, too, from
 * where the next server gets them.
 */
import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { createFileJournal, type Journal } from '../client/journal.ts';
import { detectPlatform } from '../client/platform.ts';
import { silentLogger } from '../telemetry/logger.ts';
import type { Target as Project } from './daemon-options.ts';
import type { Server } from './remote.ts';
import { makeSessionFolder } from './session-folder.ts';

export interface LocalApp {
  readonly app: App;
  close(): Promise<void>;
}

/** The database and what was not folded into it yet. */
const databaseFiles = ['mcp.db', 'mcp.db-wal'];
/** A larger memory is not copied for a session: it starts with none. */
const MOST_BYTES = 64 * 2 ** 20;

export async function openLocalApp(project: Project): Promise<LocalApp> {
  const memoryDirectory = await makeSessionFolder();
  await copyMemory(project.config.dataDir, memoryDirectory);
  const journal = journalOf(project);
  const app = await createApp(project.config, {
    logger: silentLogger,
    memoryDirectory,
    onOutcome: (outcome) => journal?.put(outcome),
  });
  await app.load();
  app.follow();
  return {
    app,
    close: async () => {
      await app.stop();
      await rm(memoryDirectory, { recursive: true, force: true });
    },
  };
}

/** Gives a server what sessions without one have written down. Never throws; what it does not take now waits. */
export async function deliverOutcomes(project: Project, server: Pick<Server, 'call'>): Promise<void> {
  const journal = journalOf(project);
  try {
    for (const outcome of journal?.pending() ?? []) {
      await server.call('cacheDecision', outcome);
      journal?.remove(outcome.task_id);
    }
  } catch {
    // The server is going, or refuses: the next one is asked.
  }
}

function journalOf({ place }: Project): Journal | undefined {
  const { files } = detectPlatform();
  return files && createFileJournal(files, join(place.directory, 'journal'));
}

async function copyMemory(from: string, to: string): Promise<void> {
  const sizes = await Promise.all(databaseFiles.map((name) => sizeOf(join(from, name))));
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) return;
  for (const name of databaseFiles) await copyFile(join(from, name), join(to, name)).catch(() => undefined);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
