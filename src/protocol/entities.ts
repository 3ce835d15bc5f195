/**
 * What crosses the wire, as Zod schemas; the types are inferred from them.
 *
 * Members that do not apply to an answer are left out, never null (but for metrics that have no evidence yet).
 */
import * as z from 'zod';

/** Longest accepted inputs, in UTF-16 code units. */
export const limits = { capability: 100, role: 50, text: 2000, name: 300, list: 100 } as const;

export const kinds = ['agent', 'skill', 'workflow'] as const;
export const kindSchema = z.enum(kinds);
export type KindName = z.infer<typeof kindSchema>;

/** `names`: id, name, score · `brief`: description cut to its first sentence, ≤ 200 characters · `full`: everything. */
export const detailSchema = z.enum(['names', 'brief', 'full']);
export type Detail = z.infer<typeof detailSchema>;

const unit = z.number().min(0).max(1);
const count = z.number().int().min(0);
const strings = z.array(z.string());

/** Members every hit shares. At detail `names` only id, name and score are present. */
const hitMembers = {
  id: z.string(),
  name: z.string(),
  /** Strength of this hit, 0..1; comparable within one answer. */
  score: unit,
  description: z.string().optional(),
  plugin: z.string().optional(),
  /** Why this hit is here, in a few words. */
  reason: z.string().optional(),
  /** Ids of copies of the same definition that this hit stands for. */
  also: strings.optional(),
};

export const agentHitSchema = z.strictObject({
  ...hitMembers,
  model: z.string().optional(),
  capabilities: strings.optional(),
  role: z.string().optional(),
  fallbacks: strings.optional(),
});
export type AgentHit = z.infer<typeof agentHitSchema>;

export const skillHitSchema = z.strictObject({
  ...hitMembers,
  category: z.string().optional(),
  keywords: strings.optional(),
});
export type SkillHit = z.infer<typeof skillHitSchema>;

export const workflowHitSchema = z.strictObject({
  ...hitMembers,
  arguments: z.string().optional(),
  steps: strings.optional(),
  agents: strings.optional(),
});
export type WorkflowHit = z.infer<typeof workflowHitSchema>;

/** Members every answer to a search shares. */
export const answerMembers = {
  reasoning: z.string(),
  /** Calibrated: of answers given with confidence c, about c have the right one first. 0 when nothing fits. */
  confidence: unit,
  cache_hit: z.boolean(),
  /** `fallback` when the client answered from its embedded registry because the server was away. */
  source: z.literal('fallback').optional(),
};

/** Names this answer; `cacheDecision` takes it back, so that an outcome finds its question. */
export const routeId = z.string();

export const patternSchema = z.strictObject({
  id: z.string(),
  goal: z.string(),
  agent_sequence: strings,
  /** Member → the members that must have finished before it starts. */
  dependencies: z.record(z.string(), strings),
  /** Topological levels: members of one group can run at the same time. */
  parallel_groups: z.array(strings),
  success_count: count,
  failure_count: count,
  avg_duration_ms: z.number().min(0),
  avg_tokens_saved: z.number().min(0),
  /** ISO 8601, UTC. */
  created_at: z.string(),
  updated_at: z.string(),
});
export type Pattern = z.infer<typeof patternSchema>;

/** `learned` from outcomes or stored by a caller; `workflow`: mined from a workflow of the catalogue. */
export const patternSourceSchema = z.enum(['learned', 'workflow']);

export const patternMatchSchema = z.strictObject({
  pattern: patternSchema,
  /** Smoothed and recency-weighted success rate, 0..1. */
  success_rate: unit,
  /** 0..1; 0.7 means "the same plan would serve". */
  similarity: unit,
  task_count: count,
  source: patternSourceSchema,
});
export type PatternMatch = z.infer<typeof patternMatchSchema>;

export const outcomeSchema = z.enum(['success', 'failure', 'partial']);
export type Outcome = z.infer<typeof outcomeSchema>;

export const cacheStatsSchema = z.strictObject({ hits: count, misses: count, hit_rate: unit });

export const healthSchema = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'starting', 'stopping']),
  version: z.string(),
  uptime_ms: z.number().min(0),
  /** Resident set size. */
  memory_mb: z.number().min(0),
  cache: cacheStatsSchema,
  database: z.strictObject({ connected: z.boolean(), size_mb: z.number().min(0) }),
  indexes: z.strictObject({ agents: count, skills: count, workflows: count, patterns: count, roles: count }),
  revision: z.string(),
  /** Problems of the catalogue, one for each file and cause. */
  problems: count,
  /** Sentences: reasons of a `degraded`, and what the owner should know. */
  warnings: strings,
});
export type Health = z.infer<typeof healthSchema>;

const latencyMembers = {
  avg_query_time_ms: z.number().min(0),
  p50_query_time_ms: z.number().min(0),
  p95_query_time_ms: z.number().min(0),
  p99_query_time_ms: z.number().min(0),
};

export const metricsSchema = z.strictObject({
  queries: z.strictObject({ total: count, by_method: z.record(z.string(), count) }),
  /** Keys are JSON-RPC error codes as text. */
  errors: z.strictObject({ by_code: z.record(z.string(), count) }),
  /** Measured with a histogram, never derived from an average; milliseconds. */
  performance: z.strictObject({
    ...latencyMembers,
    by_method: z.record(z.string(), z.strictObject({ count, ...latencyMembers })),
  }),
  cache: cacheStatsSchema,
  patterns: z.strictObject({ total: count, avg_success_rate: unit }).optional(),
  /** `lift`: measured gain in success of followed recommendations over the rest; null until there is evidence. */
  learning: z.strictObject({ decisions: count, lift: z.number().nullable() }).optional(),
  process: z.strictObject({
    memory_mb: z.number().min(0),
    /** RssAnon: what the process has for itself; null where the platform does not tell. */
    private_memory_mb: z.number().min(0).nullable(),
    heap_mb: z.number().min(0),
    uptime_ms: z.number().min(0),
    /** Longest pause of the event loop since the last reading. */
    event_loop_max_ms: z.number().min(0),
  }),
  database: z.strictObject({ size_mb: z.number().min(0) }),
});
export type Metrics = z.infer<typeof metricsSchema>;

export const reindexSchema = z.strictObject({
  revision: z.string(),
  agents: count,
  skills: count,
  workflows: count,
  roles: count,
  added: count,
  changed: count,
  removed: count,
  problems: count,
  duration_ms: z.number().min(0),
});
export type ReindexResult = z.infer<typeof reindexSchema>;

export const definitionSchema = z.strictObject({
  id: z.string(),
  kind: kindSchema,
  name: z.string(),
  plugin: z.string().optional(),
  /** Relative to the root it was found under; never an absolute path. */
  path: z.string(),
  frontmatter: z.record(z.string(), z.unknown()),
  body: z.string(),
  /** Estimated tokens of the body as returned. */
  tokens: count,
  truncated: z.boolean(),
  also: strings.optional(),
});
export type Definition = z.infer<typeof definitionSchema>;
