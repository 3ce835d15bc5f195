/** What `doctor` finds, each thing with its remedy. */
import type { Condition } from '../inspect.ts';
import type { Place } from '../place.ts';

export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do, in words; there for everything that is not ok. */
  readonly remedy?: string;
  /** Does what the remedy says, where that loses nothing. */
  readonly fix?: () => void;
}

/** What the checks look at; read once. */
export interface Patient {
  readonly place: Place;
  readonly condition: Condition;
  readonly dataDir: string;
  /** The port that is asked for. */
  readonly port: number;
  readonly version: string;
  readonly apiKey?: string;
}

export type Check = (patient: Patient) => Finding | Promise<Finding>;

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message };
}
