/** The store of the project a command line means, and where what it says on the way goes. */
import { openMaintenance } from '../maintenance.ts';
import type { Maintenance } from '../storage/storage.ts';
import type { Invocation } from './command.ts';
import { targetOf } from './daemon-options.ts';

export function openStore(invocation: Invocation): Promise<Maintenance> {
  const tell = (message: string): void => invocation.err.line(`callsheet: ${message}`);
  const log = { info: () => undefined, warn: tell, error: tell };
  return openMaintenance(targetOf(invocation).config.dataDir, log);
}
