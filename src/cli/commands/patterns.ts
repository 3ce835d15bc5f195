/** `callsheet patterns`: what was learned about teams and plans, for people and as a file. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openStoreToWrite, readStore } from '../../maintenance.ts';
import type { Storage, StoredPattern } from '../../storage/storage.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  jsonOption,
  placeOptions,
  UsageError,
} from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { drawPlan } from '../drawing.ts';
import { exchangeFile, importExchange, parseExchange } from '../exchange.ts';

/** What `prune` retires: tried at least so often, and less than this share of it went well. */
const ENOUGH = 5;
const LEAST_RATE = 0.3;

type Action = (invocation: Invocation, argument: string | undefined) => Promise<number>;

const actions: Readonly<Record<string, Action>> = { list, show, export: exportAll, import: importAll, prune };

export const patterns: Command = {
  name: 'patterns',
  summary: 'list, show, export, import or prune the plans that were learned',
  usage: '[list | show <id> | export [file] | import <file> | prune] [options]',
  examples: [
    'callsheet patterns',
    'callsheet patterns show pat-1a2b3c4d5e6f7a8b     the plan as a drawing',
    'callsheet patterns export team.json',
    'callsheet patterns import team.json              adds what is not known yet',
    'callsheet patterns prune --dry-run               plans that keep failing',
  ],
  options: {
    ...placeOptions,
    ...jsonOption,
    'dry-run': { type: 'boolean', help: 'prune: say what would be retired, retire nothing' },
  },
  positionals: [0, 2],
  async run(invocation) {
    const [action = 'list', argument] = invocation.positionals;
    const chosen = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!chosen) throw new UsageError(`"${action}" is none of ${Object.keys(actions).join(', ')}`);
    return chosen(invocation, argument);
  },
};

const directoryOf = (invocation: Invocation): string => targetOf(invocation).config.dataDir;

async function list(invocation: Invocation): Promise<number> {
  const { patterns: all } = await readStore(directoryOf(invocation));
  if (flagOption(invocation, 'json')) invocation.out.line(JSON.stringify(all, null, 2));
  else for (const pattern of all) invocation.out.line(`${pattern.id}  ${countsOf(pattern)}  ${pattern.goal}`);
  if (all.length === 0) invocation.err.line('no plans are stored yet');
  return exitCodes.ok;
}

async function show(invocation: Invocation, id: string | undefined): Promise<number> {
  if (id === undefined) throw new UsageError('say which: callsheet patterns show <id>');
  const { patterns: all } = await readStore(directoryOf(invocation));
  const pattern = all.find((one) => one.id === id);
  if (!pattern) throw new Error(`there is no pattern ${id}; callsheet patterns lists them`);
  const lines = flagOption(invocation, 'json')
    ? [JSON.stringify(pattern, null, 2)]
    : [pattern.goal, countsOf(pattern), '', ...drawPlan(pattern)];
  for (const line of lines) invocation.out.line(line);
  return exitCodes.ok;
}

function countsOf({ success_count, failure_count, partial_count, pruned_at }: StoredPattern): string {
  const tried = success_count + failure_count + partial_count;
  if (tried === 0) return 'untried';
  const partly = partial_count > 0 ? `, ${partial_count} partly` : '';
  return `${success_count} of ${tried} went well${partly}${pruned_at === undefined ? '' : ', retired'}`;
}

async function exportAll(invocation: Invocation, file: string | undefined): Promise<number> {
  const { patterns: all, decisions } = await readStore(directoryOf(invocation));
  const text = JSON.stringify(exchangeFile(all, decisions), null, 2);
  if (file === undefined) invocation.out.line(text);
  else {
    // What people asked for may be confidential: for the owner's eyes alone.
    await writeFile(resolve(invocation.cwd, file), `${text}\n`, { mode: 0o600 });
    report(invocation, { file, patterns: all.length, decisions: decisions.length }, 'written');
  }
  return exitCodes.ok;
}

async function importAll(invocation: Invocation, file: string | undefined): Promise<number> {
  if (file === undefined) throw new UsageError('say from where: callsheet patterns import <file>');
  const content = parseExchange(await readFile(resolve(invocation.cwd, file), 'utf8'));
  const imported = await writing(invocation, (storage) => importExchange(storage, content));
  report(invocation, { ...imported }, 'imported');
  return exitCodes.ok;
}

async function prune(invocation: Invocation): Promise<number> {
  const rehearsal = flagOption(invocation, 'dry-run');
  const { patterns: all } = await readStore(directoryOf(invocation));
  const failing = all.filter(isFailing);
  if (!rehearsal && failing.length > 0) {
    const ids = failing.map(({ id }) => id);
    await writing(invocation, (storage) => storage.setPruned(ids, Date.now()));
  }
  if (flagOption(invocation, 'json')) {
    invocation.out.line(JSON.stringify({ dry_run: rehearsal, pruned: failing.map(({ id }) => id) }, null, 2));
  } else {
    for (const pattern of failing)
      invocation.out.line(`${pattern.id}  ${countsOf(pattern)}  ${pattern.goal}`);
    invocation.err.line(`${failing.length} ${rehearsal ? 'would be' : 'were'} retired; they stay in history`);
  }
  return exitCodes.ok;
}

function isFailing({ success_count, failure_count, partial_count, pruned_at }: StoredPattern): boolean {
  const tried = success_count + failure_count + partial_count;
  return (
    pruned_at === undefined && tried >= ENOUGH && (success_count + partial_count / 2) / tried < LEAST_RATE
  );
}

async function writing<T>(invocation: Invocation, work: (storage: Storage) => T | Promise<T>): Promise<T> {
  const tell = (message: string): void => invocation.err.line(`callsheet: ${message}`);
  const log = { info: () => undefined, warn: tell, error: tell };
  const storage = await openStoreToWrite(directoryOf(invocation), log);
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

function report(invocation: Invocation, counts: Record<string, string | number>, verb: string): void {
  if (flagOption(invocation, 'json')) invocation.out.line(JSON.stringify(counts, null, 2));
  else invocation.out.line(`${verb}: ${counts.patterns} patterns, ${counts.decisions} decisions`);
}
