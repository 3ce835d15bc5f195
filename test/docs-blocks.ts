/** The parts of the documentation that are written from code; `docs.test.ts` holds the pages to them. */
import * as z from 'zod';
import type { Command } from '../src/cli/command.ts';
import { type ErrorName, errors } from '../src/protocol/errors.ts';
import { type MethodName, methodNames, methods } from '../src/protocol/methods.ts';
import { type SettingName, settings } from '../src/settings.ts';
import { exposition } from '../src/telemetry/exposition.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

export function errorsBlock(): string {
  const rows = (Object.keys(errors) as ErrorName[]).map((name) => {
    const { code: number, status, message } = errors[name];
    return [code(name), code(String(number)), String(status), message];
  });
  return table(['name', 'code', 'HTTP status', 'message unless there is a better one'], rows);
}

/** The part of JSON Schema that the method table uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export function methodsBlock(): string {
  return methodNames.map(methodSection).join('\n\n');
}

function methodSection(name: MethodName): string {
  const { summary, params, result, cache, effect, idempotent } = methods[name];
  const notes = [
    effect === 'read' ? 'Changes nothing.' : 'Changes what later answers say.',
    idempotent ? 'Safe to repeat.' : 'Not safe to repeat.',
    cache ? `Kept for ${cache.ttlSeconds} s unless a setting says otherwise.` : 'Never kept.',
  ];
  return [
    `### ${name}`,
    `${summary} ${notes.join(' ')}`,
    members('parameter', z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as Schema),
    members('result', z.toJSONSchema(result, { unrepresentable: 'any' }) as Schema),
  ].join('\n\n');
}

function members(title: string, { properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => [
    code(name),
    required.includes(name) ? 'always' : 'optional',
    describe(schema),
  ]);
  return rows.length === 0 ? `No ${title}s.` : table([title, '', 'what it holds'], rows);
}

function describe(schema: Schema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum) return `one of ${schema.enum.map((value) => code(String(value))).join(', ')}`;
  if (schema.anyOf) return schema.anyOf.map(describe).join(' or ');
  switch (schema.type) {
    case 'string':
      return `text${range(schema.minLength, schema.maxLength, ' characters')}`;
    case 'integer':
      return `whole number${range(schema.minimum, schema.maximum)}`;
    case 'number':
      return `number${range(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return `list${range(schema.minItems, schema.maxItems)} of ${describe(schema.items ?? {})}`;
    case 'object':
      return describeObject(schema);
    default:
      return 'anything';
  }
}

function describeObject({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties || Object.keys(properties).length === 0) {
    return `object of ${typeof additionalProperties === 'object' ? describe(additionalProperties) : 'anything'}`;
  }
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
  return code(`{ ${names.join(', ')} }`);
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  const known = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
  if (known(least) && known(most)) return `, ${least} to ${most}${unit}`;
  if (known(most)) return `, at most ${most}${unit}`;
  return known(least) ? `, at least ${least}${unit}` : '';
}

export function settingsBlock(): string {
  const rows = (Object.keys(settings) as SettingName[]).map((name) => {
    const { flag, env, expects, fallback, project } = settings[name];
    return [
      code(name),
      [...(flag ? [`--${flag}`] : []), ...env].map(code).join(' ► '),
      expects,
      defaultOf(name, fallback),
      { anything: 'yes', inside: 'below the project only', nothing: 'no' }[project],
    ];
  });
  return table(['in a file', 'flag ► environment', 'must be', 'default', 'in a project’s file'], rows);
}

function defaultOf(name: SettingName, fallback: unknown): string {
  const words: Partial<Record<SettingName, string>> = {
    data_dir: '`.claude/mcp-server/data` of the project',
    model_dir: 'the shipped `model/`',
    cache_ttl: 'each method’s own (see the API)',
    api_key: 'none',
  };
  if (words[name]) return words[name];
  return Array.isArray(fallback) ? 'none' : code(String(fallback));
}

export function metricsBlock(): string {
  const everything = exposition(
    {
      queries: { total: 1, by_method: {} },
      errors: { by_code: { '-32600': 1 } },
      performance: {
        avg_query_time_ms: 1,
        p50_query_time_ms: 1,
        p95_query_time_ms: 1,
        p99_query_time_ms: 1,
        by_method: {},
      },
      cache: { hits: 1, misses: 1, hit_rate: 0.5 },
      patterns: { total: 1, avg_success_rate: 1 },
      learning: { decisions: 1, lift: 1 },
      process: { memory_mb: 1, private_memory_mb: 1, heap_mb: 1, uptime_ms: 1, event_loop_max_ms: 1 },
      database: { size_mb: 1 },
    },
    [{ method: 'queryAgents', count: 1, sumSeconds: 1, cumulative: [] }],
    'text',
  );
  const families = everything.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm);
  const rows = [...families].map(([, name = '', help = '', type = '']) => [code(name), type, help]);
  return table(['metric', 'type', 'what it says'], rows);
}

export function commandsBlock(commands: readonly Command[]): string {
  const rows = commands.map(({ name, usage, summary, options }) => [
    code(`callsheet ${name}${usage ? ` ${usage}` : ''}`).replaceAll('|', '\\|'),
    summary,
    Object.keys(options)
      .map((option) => code(`--${option}`))
      .join(', '),
  ]);
  return table(['command', 'what it does', 'options'], rows);
}
