/** What the commands about the daemon share: their options, and what these mean. */
import { resolve } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { type Place, placeOf } from '../daemon/place.ts';
import { type Invocation, type OptionHelp, placeOptions, stringOption, stringsOption } from './command.ts';

/** Beside `placeOptions`: where the server listens. */
export const listenOptions = {
  port: { type: 'string', value: '<port>', help: 'port to listen on, 0 for any free one (default 3700)' },
  host: { type: 'string', value: '<address>', help: 'address to listen on (default 127.0.0.1)' },
} as const satisfies Record<string, OptionHelp>;

export interface Target {
  readonly config: Config;
  readonly place: Place;
  /** For asking the server about more than its identity. */
  readonly apiKey?: string;
}

/** The daemon that a command line is about. */
export function targetOf(invocation: Invocation): Target {
  const config = readConfig({
    cwd: invocation.cwd,
    flags: {
      root: stringsOption(invocation, 'root'),
      'data-dir': stringOption(invocation, 'data-dir'),
      port: stringOption(invocation, 'port'),
      host: stringOption(invocation, 'host'),
    },
  });
  const apiKey = config.api_key?.reveal();
  return { config, place: placeOf(config), ...(apiKey && { apiKey }) };
}

/** The options of this command line as arguments for `serve`, with absolute paths. */
export function serveOptionsOf(invocation: Invocation): string[] {
  const given = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, value];
  const absolute = (path: string): string => resolve(invocation.cwd, path);
  const dataDir = stringOption(invocation, 'data-dir');
  return [
    ...(stringsOption(invocation, 'root') ?? []).flatMap((root) => given('root', absolute(root))),
    ...given('data-dir', dataDir && absolute(dataDir)),
    ...given('port', stringOption(invocation, 'port')),
    ...given('host', stringOption(invocation, 'host')),
  ];
}

export const daemonOptions = { ...placeOptions, ...listenOptions };
