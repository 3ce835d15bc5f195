/**
 * What a command of the command line is: data about it, and one function.
 *
 *   argv → main (finds the command, parses its options) → run(invocation) → exit code
 *
 * Results go to `out`, everything else to `err`; a command never touches the process itself: its streams, its environment, its exit.
 */
import type { ParseArgsOptionsConfig } from 'node:util';

export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

export interface OptionHelp {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** One line; names the default where there is one. */
  readonly help: string;
  /** What stands for the value in the help: `<dir>`, `<port>`. */
  readonly value?: string;
}

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows `callsheet <name>`: `<text> [options]`. */
  readonly usage: string;
  /** Whole command lines, shown first in the help. */
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, OptionHelp>>;
  /** Positional arguments it takes, as [least, most]. */
  readonly positionals?: readonly [number, number];
  /** Resolves to the exit code. A thrown `UsageError` is 2, any other error 1, each with its message on `err`. */
  run(invocation: Invocation): Promise<number>;
}

export interface Invocation {
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** Working directory. */
  readonly cwd: string;
  readonly out: Output;
  readonly err: Output;
}

export interface Output {
  /** Writes `text` and a line end. */
  line(text: string): void;
  /** Whether a person is looking: colour and progress only then. */
  readonly terminal: boolean;
}

/** The command line was wrong: exit code 2, with the message and where to find help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options that every command with a server or a catalogue behind it takes. */
export const placeOptions = {
  root: {
    type: 'string',
    multiple: true,
    value: '<dir>',
    help: 'index this folder; repeatable; given, these folders alone are indexed',
  },
  'data-dir': {
    type: 'string',
    value: '<dir>',
    help: 'where state is kept (default .claude/mcp-server/data)',
  },
} as const satisfies Record<string, OptionHelp>;

export const jsonOption = {
  json: { type: 'boolean', help: 'print the result as JSON' },
} as const satisfies Record<string, OptionHelp>;

export function parseOptionsOf(command: Command): ParseArgsOptionsConfig {
  const help = { type: 'boolean', short: 'h' } as const;
  const own = Object.entries(command.options).map(([name, { type, multiple, short }]) => [
    name,
    { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) },
  ]);
  return { help, ...Object.fromEntries(own) };
}

export function stringOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : undefined;
}

export function stringsOption(invocation: Invocation, name: string): readonly string[] | undefined {
  const value = invocation.options[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

export function flagOption(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}

/** A whole number option; throws `UsageError` naming the option and the range. */
export function integerOption(
  invocation: Invocation,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = stringOption(invocation, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
