/** A whole application in this process, over any roots, with its state in a directory that goes with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';

export interface RunningApp {
  readonly app: App;
  /** Empty where it does not listen. */
  readonly url: string;
  close(): Promise<void>;
}

export interface AppSetup extends AppOptions {
  readonly roots: readonly string[];
  readonly listen?: boolean;
  /** Kept when it closes; absent: a directory of its own, which goes. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openApp({
  roots,
  listen = false,
  dataDir: given,
  env = {},
  ...options
}: AppSetup): Promise<RunningApp> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'callsheet-')));
  const flags = { root: roots, 'data-dir': dataDir, port: 0 };
  const config = readConfig({ cwd: dataDir, home: dataDir, env, flags });
  const app = await createApp(config, { logger: silentLogger, ...options });
  const url = listen ? (await app.start()).url : '';
  if (!listen) await app.load();
  return {
    app,
    url,
    close: async () => {
      await app.stop();
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
