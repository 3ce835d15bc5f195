/** `callsheet query`: who should do a task, or which skill or workflow helps. */
import { type Detail, detailSchema, type KindName, kinds } from '../../protocol/entities.ts';
import { CallsheetError } from '../../protocol/errors.ts';
import { nearestName } from '../../search/nearest-name.ts';
import {
  type Command,
  exitCodes,
  flagOption,
  type Invocation,
  integerOption,
  jsonOption,
  placeOptions,
  stringOption,
  UsageError,
} from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { type Found, render } from '../render-answer.ts';
import { openSource, type Source } from '../source.ts';

const MOST_WORDS = 1000;

export const query: Command = {
  name: 'query',
  summary: 'ask who should do a task, or which skill or workflow helps',
  usage: '<text> [options]',
  examples: [
    'callsheet query "customers get logged out at random"',
    'callsheet query --role frontend_developer',
    'callsheet query --capability react "the list is slow"',
    'callsheet query --kind workflow "release a new version" --json',
  ],
  options: {
    kind: { type: 'string', value: '<kind>', help: 'agent, skill or workflow (default agent)' },
    capability: { type: 'string', value: '<tag>', help: 'agents that can do this' },
    role: { type: 'string', value: '<role>', help: 'the agents of a role' },
    category: { type: 'string', value: '<category>', help: 'skills of this category' },
    limit: { type: 'string', value: '<number>', help: 'answers at most, 1 to 20 (default 5)' },
    detail: { type: 'string', value: '<detail>', help: 'names, brief or full (default brief)' },
    ...placeOptions,
    ...jsonOption,
  },
  positionals: [0, MOST_WORDS],
  async run(invocation) {
    const question = questionOf(invocation);
    const source = await openSource(targetOf(invocation));
    try {
      const found = await ask(source, question);
      const json = flagOption(invocation, 'json');
      const lines = json
        ? [JSON.stringify(found.result, null, 2)]
        : render(found, source.name, invocation.out.terminal);
      for (const line of lines) invocation.out.line(line);
      return exitCodes.ok;
    } catch (error) {
      throw readable(error);
    } finally {
      await source.close();
    }
  },
};

interface Question {
  readonly kind: KindName;
  readonly text: string;
  readonly capability: string | undefined;
  readonly role: string | undefined;
  readonly category: string | undefined;
  readonly limit: number | undefined;
  readonly detail: Detail | undefined;
}

/** Which options a kind does not take. */
const foreign: Readonly<Record<KindName, readonly string[]>> = {
  agent: ['category'],
  skill: ['capability', 'role'],
  workflow: ['capability', 'role', 'category'],
};

function questionOf(invocation: Invocation): Question {
  const kind = choice(invocation, 'kind', kinds) ?? 'agent';
  for (const name of foreign[kind]) {
    if (stringOption(invocation, name) !== undefined)
      throw new UsageError(`--${name} does not go with ${kind}s`);
  }
  const text = invocation.positionals.join(' ').trim();
  const capability = stringOption(invocation, 'capability');
  const role = stringOption(invocation, 'role');
  if (text === '' && (kind !== 'agent' || (capability === undefined && role === undefined))) {
    throw new UsageError('say what is to be done: callsheet query "<text>"');
  }
  return {
    kind,
    text,
    capability,
    role,
    category: stringOption(invocation, 'category'),
    limit: integerOption(invocation, 'limit', 1, 20),
    detail: choice(invocation, 'detail', detailSchema.options),
  };
}

function choice<T extends string>(invocation: Invocation, name: string, values: readonly T[]): T | undefined {
  const given = stringOption(invocation, name);
  const found = values.find((value) => value === given);
  if (given === undefined || found !== undefined) return found;
  const near = nearestName(given, values);
  throw new UsageError(`--${name} must be ${values.join(', ')}${near ? `; did you mean "${near}"?` : ''}`);
}

async function ask(source: Source, question: Question): Promise<Found> {
  const { kind, text, capability, role, category, limit, detail } = question;
  const shared = { ...(limit !== undefined && { limit }), ...(detail && { detail }) };
  if (kind === 'skill') {
    const result = await source.call('querySkills', {
      context: text,
      ...(category && { category }),
      ...shared,
    });
    return { kind, result, hits: result.skills };
  }
  if (kind === 'workflow') {
    const result = await source.call('queryWorkflows', { goal: text, ...shared });
    return { kind, result, hits: result.workflows };
  }
  const asked = {
    ...(text !== '' && { context: text }),
    ...(capability !== undefined && { capability }),
    ...(role !== undefined && { role }),
  };
  const result = await source.call('queryAgents', { ...asked, ...shared });
  return { kind, result, hits: result.agents };
}

/** A refused parameter was wrong usage; its sentences say which. */
function readable(error: unknown): unknown {
  const faults = error instanceof CallsheetError && error.data?.validation_errors;
  return faults ? new UsageError(faults.join('; ')) : error;
}
