/**
 * Structured logs: one JSON object a line.
 *
 *   logger.info(message, fields) ─► level? ─► redact ─► line ─┬─► rotating file (log-file.ts), when a folder is given
 *                                                             └─► stream (standard error), when one is given
 *
 * Without either nothing is loaded and a call costs one comparison. A log that cannot be written never disturbs
 * its caller.
 */
import { type LogLevel, type LogSink, logLevels } from './log-sink.ts';
import { isSecretName, isSuspicious, redactMember, redactText } from './redaction.ts';

/** Members of a line beside timestamp, level and message; usual ones: correlation_id, method, duration_ms, cache_hit, error. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Whether lines of this level are kept: ask before composing costly fields. */
  enabled(level: LogLevel): boolean;
  /** Writes what is buffered and lets go of the file; later calls do nothing. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Folder of the log files; made when absent. */
  readonly directory?: string | undefined;
  /** Takes every line too, for a person or a service manager. */
  readonly stream?: { write(text: string): unknown } | undefined;
  /** Told in a line that the log file cannot be written; standard error unless given. */
  readonly complain?: (line: string) => void;
  readonly now?: () => Date;
}

/** Drops everything. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  enabled: () => false,
  close: async () => undefined,
};

/** Never rejects: where the log folder cannot be written, it complains and goes on without. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const { level, directory, stream, complain = toStandardError, now = () => new Date() } = options;
  const sinks: LogSink[] = [];
  if (stream) sinks.push(streamSink(stream));
  if (directory !== undefined) {
    // Winston costs megabytes: loaded only where a file is written.
    const { openLogFile } = await import('./log-file.ts');
    const lost = (why: string): void => complain(lineOf('warn', why, { directory }, now()));
    sinks.push(openLogFile({ directory, complain: lost, now }));
  }
  return sinks.length === 0 ? silentLogger : loggerTo(sinks, level, now);
}

function loggerTo(sinks: readonly LogSink[], level: LogLevel, now: () => Date): Logger {
  const least = logLevels.indexOf(level);
  let open = true;
  const log = (at: LogLevel, message: string, fields: LogFields): void => {
    if (!open || logLevels.indexOf(at) < least) return;
    const line = lineOf(at, message, fields, now());
    for (const sink of sinks) sink.write(line, at);
  };
  return {
    debug: (message, fields = {}) => log('debug', message, fields),
    info: (message, fields = {}) => log('info', message, fields),
    warn: (message, fields = {}) => log('warn', message, fields),
    error: (message, fields = {}) => log('error', message, fields),
    enabled: (at) => open && logLevels.indexOf(at) >= least,
    close: async () => {
      open = false;
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}

/** These come first in a line, whatever the fields say. */
const head: ReadonlySet<string> = new Set(['timestamp', 'level', 'message']);

function lineOf(level: LogLevel, message: string, fields: LogFields, at: Date): string {
  const rest = plainMembers(message, fields) ?? redactedMembers(message, fields);
  return `{"timestamp":"${at.toISOString()}","level":"${level.toUpperCase()}","message":${rest}}`;
}

/**
 * The usual line, looked at as a whole: JSON leaves alone what the patterns of secrets are made of. Undefined where
 * something in it may have to be redacted.
 */
function plainMembers(message: string, fields: LogFields): string | undefined {
  let text = JSON.stringify(message);
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined || head.has(name)) continue;
    if (!isPlain(value) || isSecretName(name)) return undefined;
    text += `,${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return isSuspicious(text) ? undefined : text;
}

function isPlain(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' || value === null;
}

function redactedMembers(message: string, fields: LogFields): string {
  let text = JSON.stringify(redactText(message));
  for (const name of Object.keys(fields)) {
    if (head.has(name)) continue;
    const value = JSON.stringify(redactMember(name, fields[name]));
    if (value !== undefined) text += `,${JSON.stringify(name)}:${value}`;
  }
  return text;
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

function streamSink(stream: { write(text: string): unknown }): LogSink {
  return {
    write(line) {
      try {
        stream.write(`${line}\n`);
      } catch {
        // A closed terminal is no reason to stop serving.
      }
    },
    close: async () => undefined,
  };
}
