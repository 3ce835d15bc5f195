/**
 * The command line: finds the command, parses its options, runs it, turns what it throws into words and a code.
 *
 * Commands are loaded when called, so that `status` does not pay for what `serve` needs.
 */
import { parseArgs } from 'node:util';
import { nearestName } from '../search/nearest-name.ts';
import { readVersion } from '../version.ts';
import {
  type Command,
  exitCodes,
  type Invocation,
  type Output,
  parseOptionsOf,
  UsageError,
} from './command.ts';
import { commandHelp, overview } from './help.ts';
import type { CommandTable } from './table.ts';

export interface Terminal {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly out: Output;
  readonly err: Output;
  /** The commands there are. */
  readonly table: CommandTable;
}

/** Runs one command line and resolves to its exit code; never throws. */
export async function main(terminal: Terminal): Promise<number> {
  const [name, ...rest] = terminal.argv;
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      return await help(terminal, rest[0]);
    }
    if (name === '--version' || name === '-v' || name === 'version') {
      terminal.out.line(readVersion());
      return exitCodes.ok;
    }
    return await runCommand(await load(name, terminal), rest, terminal);
  } catch (thrown) {
    return report(thrown, terminal, name);
  }
}

async function load(name: string, { table }: Terminal): Promise<Command> {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry) return entry.load();
  const near = nearestName(name, Object.keys(table));
  throw new UsageError(`there is no command "${name}"${near ? `; did you mean "${near}"?` : ''}`);
}

async function runCommand(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(command, argv);
  if (values.help) {
    terminal.out.line(commandHelp(command));
    return exitCodes.ok;
  }
  const [least, most] = command.positionals ?? [0, 0];
  if (positionals.length < least)
    throw new UsageError(`something is missing: callsheet ${command.name} ${command.usage}`);
  if (positionals.length > most)
    throw new UsageError(`too many arguments: "${positionals[most]}" is not expected`);
  const invocation: Invocation = {
    options: values,
    positionals,
    cwd: terminal.cwd,
    out: terminal.out,
    err: terminal.err,
  };
  return command.run(invocation);
}

function parse(command: Command, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: parseOptionsOf(command),
      allowPositionals: true,
      strict: true,
    });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const unknown = /Unknown option '--?([^' ]+)'/.exec(message)?.[1];
    const near = unknown && nearestName(unknown, [...Object.keys(command.options), 'help']);
    throw new UsageError(
      unknown ? `unknown option --${unknown}${near ? `; did you mean --${near}?` : ''}` : message,
    );
  }
}

async function help(terminal: Terminal, name: string | undefined): Promise<number> {
  if (name !== undefined && !name.startsWith('-')) {
    terminal.out.line(commandHelp(await load(name, terminal)));
    return exitCodes.ok;
  }
  const rows = Object.entries(terminal.table).map(([key, { summary }]) => ({ name: key, summary }));
  terminal.out.line(overview(rows, readVersion()));
  return exitCodes.ok;
}

function report(thrown: unknown, terminal: Terminal, name: string | undefined): number {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  terminal.err.line(`callsheet: ${message}`);
  if (!(thrown instanceof UsageError)) return exitCodes.failed;
  const known = name !== undefined && Object.hasOwn(terminal.table, name);
  terminal.err.line(`Try: callsheet ${known ? `${name} ` : ''}--help`);
  return exitCodes.usage;
}
