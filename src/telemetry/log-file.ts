/**
 * The log file: winston with a daily rotating transport.
 *
 *   <directory>/mcp-2026-01-31.log      today's (UTC); `mcp.log` links to it
 *   <directory>/mcp-2026-01-30.log.gz   the days before; what is older than seven days is removed
 *
 * Files are readable by their owner alone. A full disk or an unwritable folder loses lines, never the server: the
 * file is tried again after a minute. Lines below `warn` stop at a size a day, so that a flood cannot fill the disk.
 */
import type { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import { LineBuffer } from './line-buffer.ts';
import { tidyLogs } from './log-retention.ts';
import type { LogLevel, LogSink } from './log-sink.ts';

const RETRY_MS = 60_000;
const CLOSE_MS = 2_000;
/** Lines wait so long for company: one write serves many, which is what makes a line a request affordable. */
const GATHER_MS = 200;
const GATHER_BYTES = 65_536;
/** Time for the last lines of a rotated file to reach it before it is compressed. */
const SETTLE_MS = 1_000;
const MAX_BYTES_A_DAY = 128 * 1024 * 1024;

interface LogFileOptions {
  readonly directory: string;
  /** Told, once a failure, that lines are being lost. */
  readonly complain: (why: string) => void;
  readonly now: () => Date;
  /** Lines below `warn` stop there. */
  readonly maxBytesADay?: number;
}

interface Writer {
  readonly logger: winston.Logger;
  readonly transport: DailyRotateFile;
  /** The rotating stream behind the transport: tells of errors and of the end. */
  readonly stream: EventEmitter;
}

export function openLogFile(options: LogFileOptions): LogSink {
  return new LogFile(options);
}

class LogFile implements LogSink {
  readonly #options: LogFileOptions;
  readonly #budget: DayBudget;
  #writer: Writer | undefined;
  readonly #gathered = new LineBuffer(GATHER_BYTES);
  #timer: NodeJS.Timeout | undefined;
  #retryAt = 0;
  #closed = false;
  #tidying: Promise<void>;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#budget = new DayBudget(options.maxBytesADay ?? MAX_BYTES_A_DAY);
    this.#tidying = tidyLogs(options.directory, options.now());
  }

  write(line: string, level: LogLevel): void {
    const now = this.#options.now();
    if (this.#closed || !this.#budget.admits(line.length, level, now)) return;
    if (!this.#gathered.fits(line.length)) this.#flush();
    if (this.#gathered.fits(line.length)) this.#gathered.add(line);
    else this.#append(line);
    if (level === 'warn' || level === 'error') this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#gathered.take();
    if (lines !== undefined) this.#append(lines);
  }

  #append(lines: string): void {
    if (this.#writer === undefined && this.#options.now().getTime() < this.#retryAt) return;
    this.#writer ??= this.#open();
    this.#writer?.logger.info(lines);
  }

  async close(): Promise<void> {
    this.#flush();
    this.#closed = true;
    await this.#tidying;
    if (this.#writer) await ended(this.#writer);
    this.#writer = undefined;
  }

  #open(): Writer | undefined {
    try {
      const writer = createWriter(this.#options.directory);
      for (const source of [writer.logger, writer.transport, writer.stream]) {
        source.on('error', (error: unknown) => this.#fail(error, writer));
      }
      writer.transport.on('rotate', () => this.#tidySoon());
      return writer;
    } catch (error) {
      this.#fail(error, undefined);
      return undefined;
    }
  }

  /** One failure speaks through several emitters, and late: only that of the present writer counts. */
  #fail(error: unknown, writer: Writer | undefined): void {
    if (this.#writer !== writer || this.#closed) return;
    this.#writer = undefined;
    this.#retryAt = this.#options.now().getTime() + RETRY_MS;
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    this.#options.complain(`the log file cannot be written${code}; lines are lost, trying again in a minute`);
  }

  #tidySoon(): void {
    const { directory, now } = this.#options;
    setTimeout(() => {
      this.#tidying = tidyLogs(directory, now());
    }, SETTLE_MS).unref();
  }
}

function createWriter(directory: string): Writer {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const transport = new DailyRotateFile({
    dirname: directory,
    filename: 'mcp-%DATE%.log',
    datePattern: 'YYYY-MM-DD',
    utc: true,
    createSymlink: true,
    symlinkName: 'mcp.log',
    options: { flags: 'a', mode: 0o600 },
  });
  const logger = winston.createLogger({
    level: 'silly',
    format: winston.format.printf(({ message }) => String(message)),
    transports: [transport],
  });
  // The types leave out the one member that tells of failures.
  const { logStream } = transport as unknown as { logStream: EventEmitter };
  return { logger, transport, stream: logStream };
}

function ended({ logger, transport, stream }: Writer): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, CLOSE_MS);
    stream.once('finish', () => {
      clearTimeout(late);
      resolve();
    });
    stream.once('error', () => resolve());
    logger.once('finish', () => transport.close?.());
    logger.end();
  });
}

/** Counts what was written on a day, so that a flood of requests cannot fill the disk. */
class DayBudget {
  readonly #most: number;
  #day = -1;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  admits(bytes: number, level: LogLevel, now: Date): boolean {
    const day = Math.floor(now.getTime() / 86_400_000);
    if (day !== this.#day) {
      this.#day = day;
      this.#bytes = 0;
    }
    if (this.#bytes >= this.#most && (level === 'debug' || level === 'info')) return false;
    this.#bytes += bytes;
    return true;
  }
}
