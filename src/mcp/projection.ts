/**
 * Results of the method table as a model should see them: few tokens, nothing it cannot use.
 *
 *   hits, brief   { id, description } each, the descriptions cut until the answer fits its budget
 *   hits, full    the result as it is
 *   a plan        its agents in order, how sure, how it went
 */
import type { Definition } from '../protocol/entities.ts';
import type { Result } from '../protocol/methods.ts';
import { boundTokens } from './token-bound.ts';

/** Longest description at `brief`, in UTF-16 units. */
const LONGEST = 120;
const SHORTEST = 16;
/** Tokens of an answer: this many for each hit, so three cost at most 120 and five 200. */
const PER_HIT = 40;
/** What JSON itself costs: names of members and marks of a hit; those of the answer with its confidence and route. */
const FRAME_OF_HIT = 8;
const FRAME_OF_ANSWER = 26;

type Answer = Readonly<Record<string, unknown>>;

interface Hit {
  readonly id: string;
  readonly description?: string | undefined;
}

/** @param list the member that holds the hits */
export function briefHits(result: Answer, list: string): Answer {
  const hits = (result[list] as readonly Hit[]) ?? [];
  const confidence = Math.round(Number(result.confidence) * 100) / 100;
  const beside = { confidence, route_id: result.route_id };
  if (hits.length === 0) return { [list]: [], ...beside, reasoning: cutText(String(result.reasoning), 200) };
  for (let most = LONGEST; ; most -= 4) {
    const cut = hits.map((hit) => briefHit(hit, most));
    if (most <= SHORTEST || costOf(cut) <= PER_HIT * hits.length) return { [list]: cut, ...beside };
  }
}

function costOf(hits: readonly Hit[]): number {
  const texts = hits.map(({ id, description = '' }) => boundTokens(id) + boundTokens(description));
  return texts.reduce((sum, tokens) => sum + tokens + FRAME_OF_HIT, FRAME_OF_ANSWER);
}

function briefHit({ id, description }: Hit, most: number): Hit {
  return description === undefined ? { id } : { id, description: cutText(description, most) };
}

export function planOf(result: Result<'getOrchestrationPattern'>): Answer {
  const { pattern, success_rate, similarity, task_count, source, confidence, route_id } = result;
  const { id, goal, agent_sequence, parallel_groups } = pattern;
  return {
    pattern: { id, goal, agent_sequence, parallel_groups },
    success_rate,
    similarity,
    task_count,
    source,
    confidence,
    route_id,
  };
}

/** Without what only programs need; the head last, so that a reader meets the text first. */
export function definitionOf({ id, kind, body, truncated, also, frontmatter }: Definition): Answer {
  return { id, kind, body, truncated, ...(also && { also }), frontmatter };
}

/** The first line and everything beside the body, then the body as it is: JSON would cost an escape a line. */
export function definitionText({ body, ...head }: Answer): string {
  return `${JSON.stringify(head)}\n\n${String(body)}`;
}

/** Cut between words where there are any; an ellipsis stands for what is missing. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  const space = room.lastIndexOf(' ');
  return `${(space > most / 2 ? room.slice(0, space) : room).trimEnd()}…`;
}
