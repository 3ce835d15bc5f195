/** From an entry of the catalogue and its place in an answer to what crosses the wire, at the detail asked for. */
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
  const { entry } = ranked;
  if (detail === 'names') return named(ranked);
  return {
    ...described(ranked, detail),
    ...(entry.model !== undefined && { model: entry.model }),
    capabilities: [...entry.capabilities],
    ...pluginOf(entry),
    ...(role && { role: role.name }),
    ...(role && role.fallbacks.length > 0 && { fallbacks: [...role.fallbacks] }),
    ...placed(ranked),
  };
}

export function skillHit(ranked: Ranked, detail: Detail): SkillHit {
  const { entry } = ranked;
  if (detail === 'names') return named(ranked);
  return {
    ...described(ranked, detail),
    ...(entry.category !== undefined && { category: entry.category }),
    ...(entry.capabilities.length > 0 && { keywords: [...entry.capabilities] }),
    ...pluginOf(entry),
    ...placed(ranked),
  };
}

export function workflowHit(ranked: Ranked, detail: Detail): WorkflowHit {
  const { entry } = ranked;
  if (detail === 'names') return named(ranked);
  return {
    ...described(ranked, detail),
    ...(entry.arguments !== undefined && { arguments: entry.arguments }),
    ...(entry.steps && entry.steps.length > 0 && { steps: [...entry.steps] }),
    ...(entry.agents && entry.agents.length > 0 && { agents: [...entry.agents] }),
    ...pluginOf(entry),
    ...placed(ranked),
  };
}

function named({ entry: { id, name }, score }: Ranked): { id: string; name: string; score: number } {
  return { id, name, score: round(score) };
}

function described({ entry }: Ranked, detail: Detail): { id: string; name: string; description: string } {
  const { id, name, description } = entry;
  return { id, name, description: detail === 'full' ? description : firstSentence(description, BRIEF) };
}

function pluginOf({ plugin }: Entry): { plugin?: string } {
  return plugin === undefined ? {} : { plugin };
}

function placed({ score, reason, also }: Ranked): { score: number; reason: string; also?: string[] } {
  return { score: round(score), reason, ...(also.length > 0 && { also: [...also] }) };
}

/** Three decimals tell hits apart; more would be tokens for nothing. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
