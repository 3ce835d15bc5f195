/**
 * Plans that workflows of the catalogue describe: a first run already knows them.
 *
 *   steps with their agents → groups in order (parallel steps side by side) → plan
 */
import { createHash } from 'node:crypto';
import { type Plan, planOf } from './plan.ts';
import type { CatalogueEntry } from './ports.ts';

/** Longest part of a description that serves as a goal, in UTF-16 units. */
const LONGEST_GOAL = 400;

export interface MinedPattern extends Plan {
  readonly id: string;
  readonly goal: string;
}

export const MINED_PREFIX = 'wf-';

/** Undefined for a workflow that names no agent. */
export function minePattern(workflow: CatalogueEntry): MinedPattern | undefined {
  const groups = groupsOf(workflow);
  if (groups.length === 0) return undefined;
  const plan = planOf({ agent_sequence: groups.flat(), parallel_groups: groups });
  const digest = createHash('sha256').update(workflow.id).digest('hex').slice(0, 16);
  return { id: MINED_PREFIX + digest, goal: goalOf(workflow), ...plan };
}

function goalOf({ name, description }: CatalogueEntry): string {
  const goal = description.replace(/\s+/g, ' ').trim();
  return (goal === '' ? name.replaceAll(/[-_/]+/g, ' ') : goal).slice(0, LONGEST_GOAL);
}

/** Each agent once, where it is first needed; in order of mention where no step names one. */
function groupsOf({ plan = [], agents = [] }: CatalogueEntry): string[][] {
  const seen = new Set<string>();
  const unseen = (names: readonly string[]): string[] =>
    names.filter((name) => !seen.has(name) && seen.add(name));
  const groups: string[][] = [];
  let side: string[] | undefined;
  for (const step of plan) {
    const fresh = unseen([...new Set(step.agents)]);
    if (fresh.length === 0) continue;
    // Neighbouring parallel steps of one agent each are one fan-out, written as a list.
    if (step.parallel && side && fresh.length === 1) side.push(...fresh);
    else groups.push(...(step.parallel ? [fresh] : fresh.map((name) => [name])));
    side = step.parallel && fresh.length === 1 ? groups.at(-1) : undefined;
  }
  const around = plan.some((step) => step.agents.length > 0) ? [] : unseen(agents);
  return [...groups, ...around.map((name) => [name])];
}
