/** `callsheet restore`: puts a backup in the place of what is remembered, keeping what it replaces. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, exitCodes, flagOption, jsonOption, placeOptions } from '../command.ts';
import { openStore } from '../store.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'put a backup in the place of what is remembered',
  usage: '[file] [options]',
  examples: [
    'callsheet restore                                       the newest good backup',
    'callsheet restore mcp-2026-01-31T08-30-00-000Z.db       this one of "callsheet backup --list"',
    'callsheet restore ~/copies/before.db',
  ],
  options: { ...placeOptions, ...jsonOption },
  positionals: [0, 1],
  async run(invocation) {
    const store = await openStore(invocation);
    const [named] = invocation.positionals;
    // A bare name means one of the store's own backups, unless such a file lies here.
    const here = named === undefined ? undefined : resolve(invocation.cwd, named);
    const result = await store.restore(here !== undefined && existsSync(here) ? here : named);
    if (flagOption(invocation, 'json')) invocation.out.line(JSON.stringify(result, null, 2));
    else {
      invocation.out.line(`restored: ${result.restored}`);
      if (result.replaced) invocation.out.line(`kept what it replaced: ${result.replaced}`);
    }
    return exitCodes.ok;
  },
};
