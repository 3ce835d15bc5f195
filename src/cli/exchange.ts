/**
 * Patterns and decisions as a file: written by `patterns export`, read by `patterns import`.
 *
 * Counts and averages of a pattern are those of its decisions, so both travel together; importing the same file again
 * changes nothing. The file is somebody else's text: every member is checked, plans included.
 */
import * as z from 'zod';
import { planOf } from '../patterns/plan.ts';
import { outcomeSchema } from '../protocol/entities.ts';
import type { Storage, StoredDecision, StoredPattern } from '../storage/storage.ts';

const name = z.string().min(1).max(300);
const names = z.array(name).min(1).max(100);
const time = z.number().int().min(0).max(8.64e15);
const count = z.number().int().min(0);
const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const patternSchema = z.strictObject({
  id: name,
  goal: z.string().min(1).max(2000),
  agent_sequence: names,
  dependencies: z.record(name, z.array(name).max(100)),
  parallel_groups: z.array(names).max(100),
  success_count: count,
  failure_count: count,
  partial_count: count,
  avg_duration_ms: amount,
  avg_tokens_saved: amount,
  created_at: time,
  updated_at: time,
  pruned_at: time.optional(),
});

const decisionSchema = z.strictObject({
  id: name,
  task_id: name,
  task_description: z.string().min(1).max(2000),
  agents_used: names,
  result: outcomeSchema,
  duration_ms: amount.optional(),
  tokens_saved: amount.optional(),
  route_id: name.optional(),
  pattern_id: name.optional(),
  source: z.string().min(1).max(50).optional(),
  certainty: z.number().min(0).max(1).optional(),
  at: time,
});

const fileSchema = z.strictObject({
  format: z.literal('callsheet-patterns-1'),
  patterns: z.array(patternSchema),
  decisions: z.array(decisionSchema),
});

export type ExchangeFile = z.infer<typeof fileSchema>;

export function exchangeFile(
  patterns: readonly StoredPattern[],
  decisions: readonly StoredDecision[],
): Record<string, unknown> {
  return { format: 'callsheet-patterns-1', patterns, decisions };
}

/** @throws Error naming the first place that is wrong. */
export function parseExchange(text: string): ExchangeFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('the file is not JSON');
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`the file is not an export of patterns: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  for (const pattern of parsed.data.patterns) planOf(pattern);
  return parsed.data;
}

export interface Imported {
  readonly patterns: number;
  readonly decisions: number;
}

/** Adds what the store does not have yet; a task it knows keeps the decision it has. */
export async function importExchange(storage: Storage, file: ExchangeFile): Promise<Imported> {
  const known = new Set((await storage.patterns()).map(({ id }) => id));
  const fresh = file.patterns.filter(({ id }) => !known.has(id));
  for (const pattern of fresh) await storage.addPattern(pattern);
  let decisions = 0;
  for (const { id: _id, ...decision } of file.decisions) {
    if (await storage.decision(decision.task_id)) continue;
    await storage.recordDecision(decision);
    decisions++;
  }
  for (const { id, pruned_at } of fresh)
    if (pruned_at !== undefined) await storage.setPruned([id], pruned_at);
  return { patterns: fresh.length, decisions };
}
