/** Where the process meets the command line: the only file of `cli` that names process.stdout and process.argv. */
import { main, type Terminal } from './main.ts';
import type { CommandTable } from './table.ts';

/** Runs the process's own command line; the exit code is set, not forced, so that output is flushed. */
export async function runProcess(table: CommandTable): Promise<void> {
  process.exitCode = await main(processTerminal(table));
}

function processTerminal(table: CommandTable): Terminal {
  return {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    out: output(process.stdout),
    err: output(process.stderr),
    table,
  };
}

function output(stream: NodeJS.WriteStream) {
  return {
    terminal: stream.isTTY === true,
    line: (text: string): void => {
      stream.write(`${text}\n`);
    },
  };
}
