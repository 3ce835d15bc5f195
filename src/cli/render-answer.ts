/** An answer for people: a numbered list with scores and reasons, and below it how sure it is and what it cost. */
import type { AgentHit, KindName, SkillHit, WorkflowHit } from '../protocol/entities.ts';
import { estimateTokens } from '../service/tokens.ts';

export interface Found {
  readonly kind: KindName;
  readonly hits: readonly (AgentHit | SkillHit | WorkflowHit)[];
  readonly result: { readonly reasoning: string; readonly confidence: number; readonly cache_hit: boolean };
}

/** @param source who answered @param colour for a terminal */
export function render({ kind, hits, result }: Found, source: string, colour: boolean): string[] {
  const paint = paints(colour);
  const tokens = estimateTokens(JSON.stringify(result));
  const summary = [
    `confidence ${result.confidence.toFixed(2)}`,
    `${hits.length} ${kind}${hits.length === 1 ? '' : 's'}`,
    `about ${tokens} tokens`,
    `answered by ${source}${result.cache_hit ? ' (cached)' : ''}`,
  ];
  const list = hits.flatMap((hit, i) => hitLines(hit, i + 1, paint));
  return [...(hits.length > 0 ? list : [result.reasoning]), '', paint.dim(summary.join(' · '))];
}

function hitLines(hit: AgentHit | SkillHit | WorkflowHit, place: number, paint: Paints): string[] {
  const model = 'model' in hit && hit.model !== undefined ? `  ${paint.dim(hit.model)}` : '';
  const also = hit.also ? `also: ${hit.also.join(', ')}` : '';
  const below = [hit.description, hit.reason && `why: ${hit.reason}`, ...stepsOf(hit), also];
  return [
    `${String(place).padStart(2)}. ${paint.strong(hit.id)}  ${hit.score.toFixed(2)}${model}`,
    ...below.flatMap((text, i) => (text ? [`    ${i === 0 ? text : paint.dim(text)}`] : [])),
  ];
}

function stepsOf(hit: AgentHit | SkillHit | WorkflowHit): string[] {
  if (!('steps' in hit) || !hit.steps) return [];
  return [`steps: ${hit.steps.join(' → ')}`, ...(hit.agents ? [`agents: ${hit.agents.join(', ')}`] : [])];
}

interface Paints {
  strong(text: string): string;
  dim(text: string): string;
}

function paints(colour: boolean): Paints {
  const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { strong: paint(1), dim: paint(2) };
}
