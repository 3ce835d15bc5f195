/**
 * From an entry of the catalogue and its place in an answer to what crosses the wire, at the detail asked for.
 *
 * Each hit is one literal, whose members are undefined where JSON is to leave them out: an object put together from
 * others gets a hidden class of its own, which is more than the hit and lives longer.
 */
import type { Entry, Snapshot } from '../catalog/snapshot.ts';
import type { AgentHit, Detail, KindName, SkillHit, WorkflowHit } from '../protocol/entities.ts';
import type { SearchHit } from '../search/engine.ts';
import { format } from '../search/explanation.ts';
import { firstSentence } from './first-sentence.ts';

/** Length of a description at `brief`, in UTF-16 units. */
const BRIEF = 200;

/** An entry with its place in an answer. */
export interface Ranked {
  readonly entry: Entry;
  readonly score: number;
  readonly reason: string;
  readonly also: readonly string[];
}

/** What an agent does for a role. */
export interface RolePart {
  readonly name: string;
  readonly fallbacks: readonly string[];
}

/** The engine's hits with their entries. */
export function rankedOf(snapshot: Snapshot, kind: KindName, hits: readonly SearchHit[]): Ranked[] {
  return hits.flatMap(({ id, score, explanation, also }) => {
    const entry = snapshot.get(id, kind);
    return entry ? [{ entry, score, reason: format(explanation), also }] : [];
  });
}

export function agentHit(ranked: Ranked, detail: Detail, role: RolePart | undefined): AgentHit {
  if (detail === 'names') return named(ranked);
  const { entry, score, reason, also } = ranked;
  return {
    id: entry.id,
    name: entry.name,
    description: descriptionOf(entry, detail),
    model: entry.model,
    capabilities: [...entry.capabilities],
    plugin: entry.plugin,
    role: role?.name,
    fallbacks: unlessEmpty(role?.fallbacks),
    score: round(score),
    reason,
    also: unlessEmpty(also),
  };
}

export function skillHit(ranked: Ranked, detail: Detail): SkillHit {
  if (detail === 'names') return named(ranked);
  const { entry, score, reason, also } = ranked;
  return {
    id: entry.id,
    name: entry.name,
    description: descriptionOf(entry, detail),
    category: entry.category,
    keywords: unlessEmpty(entry.capabilities),
    plugin: entry.plugin,
    score: round(score),
    reason,
    also: unlessEmpty(also),
  };
}

export function workflowHit(ranked: Ranked, detail: Detail): WorkflowHit {
  if (detail === 'names') return named(ranked);
  const { entry, score, reason, also } = ranked;
  return {
    id: entry.id,
    name: entry.name,
    description: descriptionOf(entry, detail),
    arguments: entry.arguments,
    steps: unlessEmpty(entry.steps),
    agents: unlessEmpty(entry.agents),
    plugin: entry.plugin,
    score: round(score),
    reason,
    also: unlessEmpty(also),
  };
}

function named({ entry: { id, name }, score }: Ranked): { id: string; name: string; score: number } {
  return { id, name, score: round(score) };
}

function descriptionOf({ description }: Entry, detail: Detail): string {
  return detail === 'full' ? description : firstSentence(description, BRIEF);
}

function unlessEmpty(texts: readonly string[] | undefined): string[] | undefined {
  return texts && texts.length > 0 ? [...texts] : undefined;
}

/** Three decimals tell hits apart; more would be tokens for nothing. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
