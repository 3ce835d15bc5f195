/** `callsheet logs`: the end of the server's log, and of what it and its supervisor printed. */
import { dirname } from 'node:path';
import { followLines, lastLines } from '../../daemon/log-lines.ts';
import { type Command, exitCodes, flagOption, integerOption, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';

export const logs: Command = {
  name: 'logs',
  summary: 'show the end of the server’s log',
  usage: '[options]',
  examples: ['callsheet logs', 'callsheet logs --lines 200', 'callsheet logs --follow'],
  options: {
    ...placeOptions,
    lines: { type: 'string', short: 'n', value: '<number>', help: 'how many lines (default 50)' },
    follow: { type: 'boolean', short: 'f', help: 'go on showing what is added, until interrupted' },
  },
  async run(invocation) {
    const { place } = targetOf(invocation);
    const { out, err } = invocation;
    const count = integerOption(invocation, 'lines', 0, 100_000) ?? 50;
    const files = [place.outputFile, place.logFile];
    const tails = files.map((file) => ({ file, lines: lastLines(file, count) }));
    for (const { file, lines } of tails.filter((tail) => tail.lines.length > 0)) {
      out.line(`==> ${file} <==`);
      for (const line of lines) out.line(line);
    }
    if (flagOption(invocation, 'follow')) {
      const until = untilInterrupted();
      await Promise.all(files.map((file) => followLines(file, out.line, until)));
    } else if (tails.every(({ lines }) => lines.length === 0)) {
      err.line(`callsheet: nothing in ${dirname(place.logFile)} yet`);
    }
    return exitCodes.ok;
  },
};

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}
