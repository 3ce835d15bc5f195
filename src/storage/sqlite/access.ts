/**
 * The one way to the database for those who answer calls: reads, durable writes, and what their failures mean.
 * A failure of the disk becomes `unavailable` and a concern of the owner; the server goes on with what still works.
 */
import { CallsheetError } from '../../protocol/errors.ts';
import type { StorageLog } from '../storage.ts';
import { createSeal } from './checksums.ts';
import type { Condition } from './condition.ts';
import { type Connection, resultCode } from './driver.ts';
import { durably } from './transaction.ts';

export interface Access {
  read<T>(work: () => T): T;
  /** What to throw for what the database threw: `unavailable` where it, and not the caller, is at fault. */
  failure(thrown: unknown): unknown;
  /** One transaction, sealed, on the disk when this returns. Throws `unavailable` where that cannot be done. */
  write<T>(work: () => T): T;
  writable(): boolean;
  /** Throws `unavailable` where nothing can be written. */
  demandWritable(): void;
  /** Writes are refused from now on. */
  end(): void;
}

const refusal = 'What is remembered cannot be written at present';

export function createAccess(
  connection: Connection,
  condition: Condition,
  log: StorageLog,
  isWritable: boolean,
): Access {
  const seal = createSeal(connection);
  let writable = isWritable;

  const failure = (thrown: unknown): unknown => {
    const code = resultCode(thrown);
    // A caller's wrong value or a fault of this program: not the disk's.
    if (code === undefined || code === 'CONSTRAINT' || code === 'ERROR') return thrown;
    log.error(`the database failed: ${String(thrown)}`);
    if (code === 'CORRUPT' || code === 'NOTADB') {
      condition.raise('damage', 'the database was found damaged: a restart sets it aside and restores', true);
    } else {
      condition.raise('disk', `the database fails (${code}): decisions and patterns may be refused`, true);
    }
    return new CallsheetError('unavailable', refusal, undefined, { cause: thrown });
  };
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  const demandWritable = (): void => {
    if (!writable) throw new CallsheetError('unavailable', refusal);
  };
  return {
    read,
    failure,
    writable: () => writable,
    demandWritable,
    write(work) {
      demandWritable();
      const sealed = () => {
        const result = work();
        seal();
        return result;
      };
      const result = read(() => durably(connection, sealed));
      condition.clear('disk');
      return result;
    },
    end() {
      writable = false;
    },
  };
}
