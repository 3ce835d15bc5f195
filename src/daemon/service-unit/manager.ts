/** What the service managers have in common: a job becomes a unit's text, and a few commands switch it on and off. */

/** What a unit is written from. */
export interface Job {
  /** Unique on this machine, of letters, digits and dashes. */
  readonly name: string;
  readonly project: string;
  readonly command: readonly string[];
  /** Where the output goes, for managers that have no journal. */
  readonly outputFile: string;
}

/** One service manager: how its units look, where they lie, which commands it takes. */
export interface Manager {
  fileFor(job: Job, home: string): string;
  render(job: Job): string;
  /** The bytes of the file; UTF-8 where this is absent. */
  encode?(text: string): Buffer;
  /** Asks whether the manager is there, without changing anything. */
  readonly probe: readonly string[];
  enable(job: Job, file: string): readonly (readonly string[])[];
  /** Ends the server until it is started again, by hand or at the next log-in. */
  halt(job: Job, file: string): readonly (readonly string[])[];
  disable(job: Job, file: string): readonly (readonly string[])[];
}
