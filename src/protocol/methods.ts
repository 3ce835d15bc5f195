/**
 * The contract: one table, name → params, result, summary, cache policy, effect.
 *
 * The JSON-RPC door, the MCP tools, the client and the API page are derived from it. A method that is in this
 * table but has no handler yet answers method-not-found.
 */
import * as z from 'zod';
import {
  agentHitSchema,
  answerMembers,
  definitionSchema,
  detailSchema,
  healthSchema,
  kindSchema,
  limits,
  metricsSchema,
  outcomeSchema,
  patternMatchSchema,
  patternSchema,
  reindexSchema,
  routeId,
  skillHitSchema,
  workflowHitSchema,
} from './entities.ts';

/** How long an answer may be kept, in seconds; `MCP_CACHE_TTL` overrides it. */
export interface CachePolicy {
  readonly ttlSeconds: number;
}

export interface Method<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly summary: string;
  readonly params: P;
  readonly result: R;
  /** Absent: never cached. */
  readonly cache?: CachePolicy;
  /** `read` changes nothing, `write` changes what later answers say. */
  readonly effect: 'read' | 'write';
  /** Whether repeating the call is harmless, so that a client may retry it. */
  readonly idempotent: boolean;
}

function method<P extends z.ZodType, R extends z.ZodType>(entry: Method<P, R>): Method<P, R> {
  return entry;
}

const text = z.string().min(1).max(limits.text);
const limit = z.number().int().min(1).max(20).optional();
const detail = detailSchema.optional();
const name = z.string().min(1).max(limits.name);
const names = z.array(name).min(1).max(limits.list);
const similarity = z.number().min(0).max(1).optional();

export const methods = {
  queryAgents: method({
    summary: 'Find agents by capability, role or a description of the task.',
    params: z.strictObject({
      capability: z.string().min(1).max(limits.capability).optional(),
      role: z.string().min(1).max(limits.role).optional(),
      context: text.optional(),
      limit,
      detail,
    }),
    result: z.strictObject({ agents: z.array(agentHitSchema), ...answerMembers, route_id: routeId }),
    cache: { ttlSeconds: 300 },
    effect: 'read',
    idempotent: true,
  }),
  querySkills: method({
    summary: 'Find skills that help with a task.',
    params: z.strictObject({ context: text, category: z.string().min(1).max(100).optional(), limit, detail }),
    result: z.strictObject({ skills: z.array(skillHitSchema), ...answerMembers, route_id: routeId }),
    cache: { ttlSeconds: 300 },
    effect: 'read',
    idempotent: true,
  }),
  queryWorkflows: method({
    summary: 'Find workflows that reach a goal.',
    params: z.strictObject({ goal: text, limit, detail }),
    result: z.strictObject({ workflows: z.array(workflowHitSchema), ...answerMembers, route_id: routeId }),
    cache: { ttlSeconds: 300 },
    effect: 'read',
    idempotent: true,
  }),
  getDefinition: method({
    summary: 'Load one definition whole: the step after a search.',
    params: z
      .strictObject({
        id: name.optional(),
        name: name.optional(),
        kind: kindSchema.optional(),
        max_tokens: z.number().int().min(1).max(1_000_000).optional(),
      })
      .refine((given) => (given.id === undefined) !== (given.name === undefined), {
        message: 'give either id or name',
        path: ['id'],
      }),
    result: definitionSchema,
    effect: 'read',
    idempotent: true,
  }),
  getOrchestrationPattern: method({
    summary: 'The best known plan for a goal: which agents, in what order, and how it went before.',
    params: z.strictObject({ goal: text, min_similarity: similarity }),
    result: z.strictObject({
      ...patternMatchSchema.shape,
      confidence: answerMembers.confidence,
      cache_hit: z.boolean(),
      route_id: routeId,
    }),
    cache: { ttlSeconds: 600 },
    effect: 'read',
    idempotent: true,
  }),
  queryPattern: method({
    summary: 'Find stored plans whose goal is similar.',
    params: z.strictObject({ goal: text, min_similarity: similarity, limit }),
    result: z.strictObject({ patterns: z.array(patternMatchSchema), ...answerMembers }),
    cache: { ttlSeconds: 600 },
    effect: 'read',
    idempotent: true,
  }),
  storePattern: method({
    summary: 'Store a plan for a goal.',
    params: z.strictObject({
      goal: text,
      agent_sequence: names,
      dependencies: z.record(name, z.array(name).max(limits.list)).optional(),
      parallel_groups: z.array(names).max(limits.list).optional(),
    }),
    result: z.strictObject({ pattern: patternSchema }),
    effect: 'write',
    idempotent: false,
  }),
  cacheDecision: method({
    summary: 'Record how a task went, so that the next recommendation is better.',
    params: z.strictObject({
      task_id: name,
      task_description: text,
      agents_used: names,
      result: outcomeSchema,
      duration_ms: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
      tokens_saved: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
      route_id: name.optional(),
      pattern_id: name.optional(),
      /** Who says so: an orchestrator, a hook, a person. */
      source: z.string().min(1).max(50).optional(),
      /** How sure the source is of `result`, 0..1; 1 when left out. */
      certainty: z.number().min(0).max(1).optional(),
    }),
    result: z.strictObject({
      stored: z.boolean(),
      decision_id: z.string().optional(),
      pattern_id: z.string().optional(),
      learned: z.boolean().optional(),
      /** The client keeps it in its journal while the server is away. */
      queued: z.boolean().optional(),
    }),
    effect: 'write',
    idempotent: true,
  }),
  getHealth: method({
    summary: 'Whether the server is well, and what it holds.',
    params: z.strictObject({}),
    result: healthSchema,
    effect: 'read',
    idempotent: true,
  }),
  getMetrics: method({
    summary: 'What was asked, how fast it was answered, what was learned.',
    params: z.strictObject({}),
    result: metricsSchema,
    effect: 'read',
    idempotent: true,
  }),
  reindex: method({
    summary: 'Read the catalogue again and swap the new index in.',
    params: z.strictObject({}),
    result: reindexSchema,
    effect: 'write',
    idempotent: true,
  }),
} as const;

export type MethodName = keyof typeof methods;
/** What a caller sends. */
export type Params<M extends MethodName> = z.input<(typeof methods)[M]['params']>;
/** What a caller gets. */
export type Result<M extends MethodName> = z.output<(typeof methods)[M]['result']>;

export const methodNames = Object.keys(methods) as readonly MethodName[];

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}
