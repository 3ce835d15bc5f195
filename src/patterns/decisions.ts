/**
 * An outcome comes in: it is stored, its pattern found and counted, its agents credited.
 *
 *   pattern_id given ─┐
 *   route_id → plan ──┼─► pattern ─► storage (one transaction) ─► evidence, experience, lift
 *   goal and team ────┤                     └─► pruned, or taken back
 *   a new team that succeeded → new pattern
 */
import { createHash } from 'node:crypto';
import { CallsheetError } from '../protocol/errors.ts';
import type { Params } from '../protocol/methods.ts';
import type { NewPattern, QueryRecord, StoredDecision, StoredPattern } from '../storage/storage.ts';
import type { KnownPattern } from './library.ts';
import { learnFrom, type Memory, type MemoryOptions, trace } from './memory.ts';
import { MINED_PREFIX } from './mining.ts';
import { nearestPatterns } from './nearest.ts';
import { type Plan, planOf } from './plan.ts';
import type { Answer } from './ports.ts';
import { goalOf, recommendedPattern } from './routes.ts';
import { sameTeam, type Team, teamOf } from './team.ts';

/** A team did "the same" as a pattern when the goals are at least this similar. */
const SAME_PLAN = 0.7;

const ENOUGH = 4.5;
const LEAST_RATE = 0.3;

type Draft = Omit<StoredDecision, 'id'>;

export interface DecisionOptions extends MemoryOptions {
  readonly redact: (text: string) => string;
}

/** Call one after the other: each sees what the one before has changed. */
export async function recordDecision(
  params: Params<'cacheDecision'>,
  memory: Memory,
  options: DecisionOptions,
): Promise<Answer<'cacheDecision'>> {
  const { storage, clock, catalogue } = options;
  const draft = draftOf(params, options);
  const before = await storage.decision(draft.task_id);
  const team = teamOf(draft.agents_used, catalogue());
  const fresh = { ...draft, at: before?.at ?? clock() };
  const { patternId, created } = await attribute(fresh, before, team, memory, options);
  const decision = patternId === undefined ? fresh : { ...fresh, pattern_id: patternId };
  const recorded = await storage.recordDecision(decision, created);
  const changed = recorded.change !== 'same';
  if (changed) await digest({ ...decision, id: recorded.decision_id }, before, memory, options);
  return {
    stored: true,
    decision_id: recorded.decision_id,
    ...(recorded.pattern_id !== undefined && { pattern_id: recorded.pattern_id }),
    learned: changed && (recorded.pattern_id !== undefined || team.ids.length > 0),
  };
}

function draftOf(params: Params<'cacheDecision'>, { redact, clock }: DecisionOptions): Draft {
  const { task_description, agents_used, ...rest } = params;
  return {
    ...rest,
    task_description: redact(task_description),
    agents_used: agents_used.map(redact),
    at: clock(),
  };
}

interface Attribution {
  readonly patternId?: string | undefined;
  /** The pattern has no row yet: added in the decision's transaction. */
  readonly created?: NewPattern | undefined;
}

async function attribute(
  draft: Draft,
  before: StoredDecision | undefined,
  team: Team,
  memory: Memory,
  options: DecisionOptions,
): Promise<Attribution> {
  if (before && isSame(draft, before)) return { patternId: before.pattern_id };
  const route = draft.route_id === undefined ? undefined : await options.storage.route(draft.route_id);
  const known = named(draft, memory) ?? recommended(route, team, memory) ?? alike(draft, route, team, memory);
  if (known)
    return {
      patternId: known.stored.id,
      created: known.source === 'workflow' ? rowOf(known.stored) : undefined,
    };
  if (draft.result !== 'success' || team.ids.length === 0 || team.unknown.length > 0) return {};
  const created = newPattern(goalOf(route) ?? draft.task_description, team, draft.at);
  return { patternId: created.id, created: { ...created, learned_from: draft.task_id } };
}

/** Nothing the caller said has changed. */
function isSame(draft: Draft, before: StoredDecision): boolean {
  const { at: _now, pattern_id: given, ...said } = draft;
  const { at: _then, pattern_id: kept, id: _id, ...had } = before;
  const fields = new Set([...Object.keys(said), ...Object.keys(had)]) as Set<keyof typeof said>;
  return (given ?? kept) === kept && [...fields].every((field) => `${said[field]}` === `${had[field]}`);
}

/** @throws CallsheetError `not_found` for an id that names no pattern; a workflow's plan may be gone by now. */
function named({ pattern_id: id, task_description }: Draft, memory: Memory): KnownPattern | undefined {
  if (id === undefined) return undefined;
  const known = memory.library.get(id);
  if (known || id.startsWith(MINED_PREFIX)) return known;
  const nearest = nearestPatterns(memory, task_description);
  throw new CallsheetError('not_found', `There is no pattern '${id}'.`, { nearest });
}

/** The plan that was recommended, if at least one of its agents took part. */
function recommended(route: QueryRecord | undefined, team: Team, memory: Memory): KnownPattern | undefined {
  const known = memory.library.get(recommendedPattern(route) ?? '');
  return known?.team.ids.some((id) => team.ids.includes(id)) ? known : undefined;
}

/** The same team for a similar goal; retired plans too, so that their evidence can turn. */
function alike(
  draft: Draft,
  route: QueryRecord | undefined,
  team: Team,
  memory: Memory,
): KnownPattern | undefined {
  const goal = memory.goals.fresh.goal(goalOf(route) ?? draft.task_description);
  return memory.library.bestWhere(goal, SAME_PLAN, (known) => sameTeam(known.team, team));
}

/** A team that reports its members in order is taken to have worked in that order. */
function newPattern(goal: string, team: Team, at: number): NewPattern {
  const plan = planOf({ agent_sequence: team.ids, parallel_groups: team.ids.map((id) => [id]) });
  return { id: patternId(goal, plan), goal, ...plan, created_at: at };
}

/** Names goal and plan: storing the same again is storing it once. */
export function patternId(goal: string, plan: Plan): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([goal, plan]))
    .digest('hex');
  return `pat-${digest.slice(0, 16)}`;
}

function rowOf({
  id,
  goal,
  agent_sequence,
  dependencies,
  parallel_groups,
  created_at,
}: StoredPattern): NewPattern {
  return { id, goal, agent_sequence, dependencies, parallel_groups, created_at };
}

async function digest(
  decision: StoredDecision,
  before: StoredDecision | undefined,
  memory: Memory,
  options: DecisionOptions,
): Promise<void> {
  const { evidence } = memory.library;
  if (before?.pattern_id !== undefined) evidence.add(before.pattern_id, before, -1);
  if (decision.pattern_id !== undefined) evidence.add(decision.pattern_id, decision);
  learnFrom(memory, decision, options.catalogue());
  await trace(memory, decision, options);
  for (const id of new Set([before?.pattern_id, decision.pattern_id])) {
    if (id !== undefined) await review(id, memory, options);
  }
}

/** Takes over the pattern's new counts; retires it when it keeps failing, takes it back when that turns. */
async function review(id: string, { library }: Memory, { storage, clock }: DecisionOptions): Promise<void> {
  const stored = await storage.pattern(id);
  if (!stored) return;
  library.put(stored);
  const known = library.get(id);
  if (!known) return;
  const tally = library.evidence.of(id, clock());
  const failing = tally.weight >= ENOUGH && library.rateOf(known) < LEAST_RATE;
  if (failing === (stored.pruned_at !== undefined)) return;
  const prunedAt = failing ? clock() : undefined;
  await storage.setPruned([id], prunedAt);
  library.put({ ...stored, pruned_at: prunedAt });
}
