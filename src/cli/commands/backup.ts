/** `callsheet backup`: a verified copy of what is remembered, also while a server is at work. */
import { type Command, exitCodes, flagOption, jsonOption, placeOptions } from '../command.ts';
import { openStore } from '../store.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'write a verified backup of what is remembered',
  usage: '[options]',
  examples: ['callsheet backup', 'callsheet backup --list'],
  options: {
    ...placeOptions,
    ...jsonOption,
    list: { type: 'boolean', help: 'list the backups there are, newest first, and write none' },
  },
  async run(invocation) {
    const store = await openStore(invocation);
    const json = flagOption(invocation, 'json');
    if (flagOption(invocation, 'list')) {
      const backups = store.backups().map(({ file, at }) => ({ file, at: new Date(at).toISOString() }));
      if (json) invocation.out.line(JSON.stringify(backups, null, 2));
      else for (const { file } of backups) invocation.out.line(file);
      return exitCodes.ok;
    }
    const { file } = await store.backup();
    invocation.out.line(json ? JSON.stringify({ file }, null, 2) : `written and verified: ${file}`);
    return exitCodes.ok;
  },
};
