/** Levels, and where whole lines go. */

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogSink {
  /** Returns at once and never throws. @param line without its end */
  write(line: string, level: LogLevel): void;
  /** Resolves when everything written is with the operating system. */
  close(): Promise<void>;
}
