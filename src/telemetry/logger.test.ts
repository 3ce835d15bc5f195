import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLogFile } from './log-file.ts';
import { createLogger, silentLogger } from './logger.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'callsheet-log-')), 'logs');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

const today = () => `mcp-${new Date().toISOString().slice(0, 10)}.log`;
const lines = (file: string) =>
  readFileSync(join(directory, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('lines', () => {
  async function written(
    log: (logger: Awaited<ReturnType<typeof createLogger>>) => void,
    level = 'info' as const,
  ) {
    const texts: string[] = [];
    const stream = { write: (text: string) => texts.push(text) };
    const logger = await createLogger({ level, stream, now: () => new Date('2026-01-31T12:00:00Z') });
    log(logger);
    return texts.map((text) => JSON.parse(text));
  }

  it('are JSON with timestamp, level, message and the fields given', async () => {
    const [line] = await written((logger) =>
      logger.info('call', {
        correlation_id: 'c1',
        method: 'queryAgents',
        duration_ms: 3.5,
        cache_hit: false,
      }),
    );
    expect(line).toEqual({
      timestamp: '2026-01-31T12:00:00.000Z',
      level: 'INFO',
      message: 'call',
      correlation_id: 'c1',
      method: 'queryAgents',
      duration_ms: 3.5,
      cache_hit: false,
    });
    expect(Object.keys(line).slice(0, 3)).toEqual(['timestamp', 'level', 'message']);
  });

  it('are kept from their level upwards', async () => {
    const kept = await written((logger) => {
      logger.debug('no');
      logger.info('a');
      logger.warn('b');
      logger.error('c');
      expect([logger.enabled('debug'), logger.enabled('info')]).toEqual([false, true]);
    });
    expect(kept.map(({ level }) => level)).toEqual(['INFO', 'WARN', 'ERROR']);
  });

  it('hold no secrets, keep stacks, and cannot be forged by line ends', async () => {
    const [line] = await written((logger) =>
      logger.error('failed\n{"level":"INFO"} password=hunter2', {
        error: new Error('boom'),
        apiKey: 'k',
        level: 'x',
      }),
    );
    expect(line.message).toBe('failed\n{"level":"INFO"} password=[redacted]');
    expect(line.level).toBe('ERROR');
    expect(line.apiKey).toBe('[redacted]');
    expect(line.error.stack).toContain('logger.test.ts');
  });

  it('survive fields that cannot be written', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const [line] = await written((logger) => logger.info('x', { cycle, big: 1n }));
    expect(line).toMatchObject({ cycle: { self: '[circular]' }, big: '1' });
  });
});

describe('createLogger', () => {
  it('is silent without a place to write to', async () => {
    expect(await createLogger({ level: 'debug' })).toBe(silentLogger);
    expect(silentLogger.enabled('error')).toBe(false);
  });

  it('does not mind a stream that throws', async () => {
    const stream = {
      write: () => {
        throw new Error('closed');
      },
    };
    const logger = await createLogger({ level: 'info', stream });
    expect(() => logger.info('x')).not.toThrow();
  });
});

describe('the log file', () => {
  it('has every line when close resolves, readable by its owner alone', async () => {
    const logger = await createLogger({ level: 'debug', directory });
    for (let i = 0; i < 3000; i++) logger.info('line', { i });
    await logger.close();
    logger.info('too late');
    expect(lines(today()).map(({ i }) => i)).toEqual(Array.from({ length: 3000 }, (_, i) => i));
    expect(statSync(join(directory, today())).mode & 0o777).toBe(0o600);
    expect(lines('mcp.log')).toHaveLength(3000);
  });

  it('goes on where an earlier run stopped', async () => {
    for (const message of ['first', 'second']) {
      const logger = await createLogger({ level: 'info', directory });
      logger.info(message);
      await logger.close();
    }
    expect(lines(today()).map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('starts anew each day, and compresses the day before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-30T23:59:59Z') });
    const logger = await createLogger({ level: 'info', directory });
    logger.warn('yesterday');
    await vi.waitFor(() => expect(lines('mcp-2026-01-30.log')).toHaveLength(1));
    vi.setSystemTime(new Date('2026-01-31T00:00:01Z'));
    logger.warn('today');
    await vi.waitFor(() => expect(readdirSync(directory)).not.toContain('mcp-2026-01-30.log'), 5000);
    await logger.close();
    const old = join(directory, 'mcp-2026-01-30.log.gz');
    expect(JSON.parse(gunzipSync(readFileSync(old)).toString()).message).toBe('yesterday');
    expect(statSync(old).mode & 0o777).toBe(0o600);
    expect(lines('mcp-2026-01-31.log').map(({ message }) => message)).toEqual(['today']);
    expect(lines('mcp.log').map(({ message }) => message)).toEqual(['today']);
  });

  it('keeps seven days, also those of earlier runs, and nothing that is not its own is touched', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-31T12:00:00Z') });
    mkdirSync(directory);
    const old = ['mcp-2026-01-23.log.gz', 'mcp-2026-01-23.log', 'mcp-2025-12-01.log'];
    const kept = ['mcp-2026-01-24.log.gz', 'daemon.log', 'mcp-notes.txt'];
    for (const name of [...old, ...kept, 'mcp-2026-01-30.log']) writeFileSync(join(directory, name), 'x');
    const logger = await createLogger({ level: 'info', directory });
    await logger.close();
    expect(readdirSync(directory).sort()).toEqual([...kept, 'mcp-2026-01-30.log.gz'].sort());
  });

  it('says once that it cannot be written, and is tried again after a minute', async () => {
    writeFileSync(directory, 'a file where the folder should be');
    const complaints: string[] = [];
    let now = Date.now();
    const file = openLogFile({
      directory,
      complain: (why) => complaints.push(why),
      now: () => new Date(now),
    });
    file.write('{"a":1}', 'error');
    file.write('{"a":2}', 'error');
    await vi.waitFor(() => expect(complaints).toHaveLength(1));
    rmSync(directory);
    file.write('{"a":3}', 'error');
    now += 61_000;
    file.write('{"a":4}', 'error');
    await file.close();
    expect(lines('mcp.log')).toEqual([{ a: 4 }]);
    expect(complaints).toHaveLength(1);
  });

  it('complains in a line like any other, with the folder', async () => {
    writeFileSync(directory, 'a file where the folder should be');
    const said: string[] = [];
    const logger = await createLogger({ level: 'info', directory, complain: (line) => said.push(line) });
    logger.error('x');
    await logger.close();
    expect(said.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'WARN', directory }),
    ]);
  });

  it('survives a file it may not open', async () => {
    mkdirSync(directory);
    mkdirSync(join(directory, today()));
    const complaints: string[] = [];
    const file = openLogFile({ directory, complain: (why) => complaints.push(why), now: () => new Date() });
    file.write('{}', 'error');
    await vi.waitFor(() => expect(complaints).toHaveLength(1));
    expect(complaints[0]).toContain('EISDIR');
    file.write('{}', 'error');
    await file.close();
    expect(complaints).toHaveLength(1);
  });

  it('stops lines below warn at a size a day', async () => {
    const file = openLogFile({
      directory,
      complain: () => undefined,
      now: () => new Date(),
      maxBytesADay: 20,
    });
    for (const level of ['info', 'info', 'info', 'warn'] as const) file.write(`{"level":"${level}"}`, level);
    await file.close();
    expect(lines('mcp.log').map(({ level }) => level)).toEqual(['info', 'info', 'warn']);
    chmodSync(directory, 0o700);
  });
});
