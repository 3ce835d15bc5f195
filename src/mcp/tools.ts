/**
 * The six tools: rows that name a method of the table, say when to use it, and which of its members a model sees.
 *
 * What reaches the wire is derived: input from the method's params, output from the shape of `projection.ts`,
 * annotations from the method's effect.
 */
import * as z from 'zod';
import { type MethodName, methods } from '../protocol/methods.ts';
import { compactSchema, type ObjectSchema } from './json-schema.ts';

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: Readonly<Record<string, boolean>>;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly method: MethodName;
  readonly title: string;
  readonly description: string;
  /** Members of the method's params that are shown; the others are taken, too. */
  readonly members: readonly string[];
  /** Members a model must give although the method has an alternative. */
  readonly required?: readonly string[];
  readonly hints?: Readonly<Record<string, string>>;
  readonly output: z.ZodObject;
  /** In the context of every session, where the host would otherwise load tools when it looks for them. */
  readonly alwaysLoad?: true;
}

const text = z.string();
const found = z.array(z.object({ id: text, description: text.optional() }));
const answer = { confidence: z.number(), route_id: text };

const rows: Readonly<Record<string, Row>> = {
  find_agents: {
    method: 'queryAgents',
    title: 'Find agents',
    description:
      'Find who should do a task. Use before delegating work. Give the task, a capability, a role, or several of them.',
    members: ['context', 'capability', 'role', 'limit', 'detail'],
    hints: { context: 'the task, in plain words', limit: 'default 3' },
    output: z.object({ agents: found, ...answer }),
    alwaysLoad: true,
  },
  find_skills: {
    method: 'querySkills',
    title: 'Find skills',
    description: 'Find know-how for a task. Use before work that follows a method, format or tool.',
    members: ['context', 'category', 'limit', 'detail'],
    hints: { context: 'the task' },
    output: z.object({ skills: found, ...answer }),
  },
  find_workflows: {
    method: 'queryWorkflows',
    title: 'Find workflows',
    description: 'Find ready-made procedures that reach a goal. Use for work of several steps.',
    members: ['goal', 'limit', 'detail'],
    output: z.object({ workflows: found, ...answer }),
  },
  get_definition: {
    method: 'getDefinition',
    title: 'Open a definition',
    description: 'Read the agent, skill or workflow you chose. Use after a find tool, with an id it gave.',
    members: ['id', 'kind', 'max_tokens'],
    required: ['id'],
    output: z.object({ id: text, kind: text, body: text, truncated: z.boolean() }),
  },
  plan_goal: {
    method: 'getOrchestrationPattern',
    title: 'Plan a goal',
    description:
      'Get the plan that worked best for such a goal: which agents, in what order, how it went. Use before orchestrating several agents.',
    members: ['goal'],
    output: z.object({
      pattern: z.object({ id: text, agent_sequence: z.array(text), parallel_groups: z.array(z.array(text)) }),
      success_rate: z.number(),
      ...answer,
    }),
  },
  record_outcome: {
    method: 'cacheDecision',
    title: 'Record an outcome',
    description: 'Say how delegated work went, so that later answers improve. Use once a task is done.',
    members: [
      'task_id',
      'task_description',
      'agents_used',
      'result',
      'duration_ms',
      'tokens_saved',
      'route_id',
      'pattern_id',
    ],
    hints: { route_id: 'of the answer followed' },
    output: z.object({ stored: z.boolean(), learned: z.boolean().optional() }),
  },
};

/** Which method a tool calls; undefined where there is no such tool. */
export function methodOf(tool: string): MethodName | undefined {
  return Object.hasOwn(rows, tool) ? rows[tool]?.method : undefined;
}

/** Every tool as `tools/list` shows it. */
export function buildTools(): Tool[] {
  return Object.entries(rows).map(([name, row]) => toolOf(name, row));
}

function toolOf(name: string, row: Row): Tool {
  const { title, description, alwaysLoad } = row;
  return {
    name,
    title,
    description,
    inputSchema: inputOf(row),
    outputSchema: compactSchema(row.output),
    annotations: annotationsOf(row.method),
    ...(alwaysLoad && { _meta: { 'anthropic/alwaysLoad': true } }),
  };
}

function inputOf({ method, members, hints, required }: Row): ObjectSchema {
  const { shape } = methods[method].params;
  const shown = Object.fromEntries(
    Object.entries(shape as Record<string, z.ZodType>).filter(([name]) => members.includes(name)),
  );
  const inOrder = Object.fromEntries(members.map((name) => [name, shown[name] ?? z.unknown()]));
  return { ...compactSchema(z.object(inOrder), hints), ...(required && { required: [...required] }) };
}

/** A closed world, and only what is not the protocol's default. */
function annotationsOf(method: MethodName): Record<string, boolean> {
  const { effect, idempotent } = methods[method];
  if (effect === 'read') return { readOnlyHint: true, openWorldHint: false };
  return { destructiveHint: false, idempotentHint: idempotent, openWorldHint: false };
}
