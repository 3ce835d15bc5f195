/** The help texts, composed from the commands' own data; examples come first. */
import type { Command, OptionHelp } from './command.ts';

export function commandHelp(command: Command): string {
  const options: [string, OptionHelp][] = [
    ...Object.entries(command.options),
    ['help', { type: 'boolean', short: 'h', help: 'show this help' }],
  ];
  return [
    `${command.summary}`,
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
    `Usage: callsheet ${command.name}${command.usage ? ` ${command.usage}` : ''}`,
    '',
    'Options:',
    ...columns(options.map(([name, option]) => [flagText(name, option), option.help])),
  ].join('\n');
}

export function overview(commands: readonly Pick<Command, 'name' | 'summary'>[], version: string): string {
  return [
    `callsheet ${version}: who should do this, how, and in what order`,
    '',
    'Examples:',
    '  callsheet serve                              serve this project on http://127.0.0.1:3700',
    '  callsheet query "the login page is slow"     who should do it',
    '  callsheet query --kind skill "write tests"   which skill helps',
    '',
    'Usage: callsheet <command> [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'callsheet <command> --help shows a command; callsheet --version the version.',
    'Exit codes: 0 ok, 1 failed, 2 wrong usage.',
  ].join('\n');
}

function flagText(name: string, option: OptionHelp): string {
  const value = option.type === 'string' ? ` ${option.value ?? '<value>'}` : '';
  return `${option.short ? `-${option.short}, ` : ''}--${name}${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
