/** The composition of commands that work on a store without a server: loads its driver when it is asked for. */
import type { Maintenance, Storage, StorageLog } from './storage/storage.ts';

/** @param directory where the store's files lie */
export async function openMaintenance(directory: string, log: StorageLog): Promise<Maintenance> {
  const { createMaintenance } = await import('./storage/sqlite/maintenance.ts');
  return createMaintenance({ directory, log, clock: Date.now });
}

/** Patterns and decisions of a store, also while a server is at work on it. */
export async function readStore(directory: string) {
  const { readRemembered } = await import('./storage/sqlite/reading.ts');
  return readRemembered(directory);
}

/** Opens a store to write to it; rejects while a server has it. */
export async function openStoreToWrite(directory: string, log: StorageLog): Promise<Storage> {
  const { openStorage } = await import('./storage/sqlite/storage.ts');
  return openStorage({ directory, log, clock: Date.now });
}
