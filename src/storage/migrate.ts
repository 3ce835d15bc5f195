/**
 * Numbered migrations, the same for every driver: what is missing is applied in order, each in a transaction of its
 * own that also records it. A database that knows more than this program is left alone.
 */
import type { MaybePromise } from './storage.ts';

export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  /** SQL of the driver's dialect, separated by semicolons. */
  readonly statements: string;
}

export interface MigrationTarget {
  /** The newest version the database records; 0 when it records none. */
  version(): MaybePromise<number>;
  /** Runs the statements and records the migration, both or neither. */
  apply(migration: Migration): MaybePromise<void>;
}

/** The database was written by a newer version of this program: opening it could lose what that version added. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';

  constructor(found: number, known: number) {
    super(
      `the database has schema version ${found}, this version of callsheet knows ${known}: ` +
        'use the newer callsheet, or another data directory; nothing was changed',
    );
  }
}

/** Brings the database to the newest version and answers how many migrations that took. Throws `NewerDatabaseError`. */
export async function migrate(target: MigrationTarget, migrations: readonly Migration[]): Promise<number> {
  const known = migrations.length;
  const found = await target.version();
  if (found > known) throw new NewerDatabaseError(found, known);
  for (const migration of migrations.slice(found)) await target.apply(migration);
  return known - found;
}
