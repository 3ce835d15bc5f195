/** The composition of commands that work on a store without a server: loads its driver when it is asked for. */
import type { Maintenance, StorageLog } from './storage/storage.ts';

/** @param directory where the store's files lie */
export async function openMaintenance(directory: string, log: StorageLog): Promise<Maintenance> {
  const { createMaintenance } = await import('./storage/sqlite/maintenance.ts');
  return createMaintenance({ directory, log, clock: Date.now });
}
