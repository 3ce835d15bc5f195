/** `callsheet forget`: removes for good what was remembered of a task, of a pattern, or from before a time. */
import type { ForgetWhat, Forgotten } from '../../storage/storage.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  jsonOption,
  placeOptions,
  stringOption,
  UsageError,
} from '../command.ts';
import { openStore } from '../store.ts';

export const forget: Command = {
  name: 'forget',
  summary: 'remove what is remembered of a task or pattern, or is old',
  usage: '--task <id> | --pattern <id> | --before <time> [options]',
  examples: [
    'callsheet forget --task JIRA-123 --dry-run      what would go',
    'callsheet forget --before 2026-01-31            what is older, backups included',
    'callsheet forget --pattern p-1a2b --before 90d',
  ],
  options: {
    ...placeOptions,
    ...jsonOption,
    task: { type: 'string', value: '<id>', help: 'the decision on this task, and the query that led to it' },
    pattern: { type: 'string', value: '<id>', help: 'this pattern and the decisions that used it' },
    before: { type: 'string', value: '<time>', help: 'older than an ISO date, or than an age such as 90d' },
    'dry-run': { type: 'boolean', help: 'say what would be removed, remove nothing' },
  },
  async run(invocation) {
    const what = whatOf(invocation, Date.now());
    const isRehearsal = flagOption(invocation, 'dry-run');
    const store = await openStore(invocation);
    const forgotten = await store.forget(what, isRehearsal);
    const aside = store.setAside();
    if (flagOption(invocation, 'json')) {
      const result = { dry_run: isRehearsal, ...forgotten, set_aside: aside };
      invocation.out.line(JSON.stringify(result, null, 2));
    } else invocation.out.line(sentenceOf(forgotten, isRehearsal));
    for (const file of aside) invocation.err.line(`not looked into, it was set aside: ${file}`);
    return exitCodes.ok;
  },
};

function whatOf(invocation: Invocation, now: number): ForgetWhat {
  const before = stringOption(invocation, 'before');
  const what = {
    task_id: stringOption(invocation, 'task'),
    pattern_id: stringOption(invocation, 'pattern'),
    before: before === undefined ? undefined : timeOf(before, now),
  };
  if (Object.values(what).every((member) => member === undefined)) {
    throw new UsageError('say what to forget: --task, --pattern or --before; given together, all must hold');
  }
  return what;
}

function timeOf(text: string, now: number): number {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  if (days !== undefined) return now - Number(days) * 24 * 60 * 60 * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`--before must be a date such as 2026-01-31 or an age such as 90d, not "${text}"`);
  }
  return time;
}

function sentenceOf({ queries, patterns, decisions }: Forgotten, isRehearsal: boolean): string {
  const verb = isRehearsal ? 'would be removed' : 'removed';
  const counts = [
    counted(decisions, 'decision', 'decisions'),
    counted(patterns, 'pattern', 'patterns'),
    counted(queries, 'query', 'queries'),
  ];
  return `${verb}: ${counts.join(', ')}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
