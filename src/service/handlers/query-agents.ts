/**
 * Who should do this?
 *
 *   role given        → the registry's primary, then its fallbacks; re-ranked among themselves by the rest
 *   capability, task  → search, then what earlier outcomes taught
 *   nothing given     → the catalogue in stable order
 */
import type { Role } from '../../catalog/roles.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Patterns } from '../../patterns/ports.ts';
import { CallsheetError } from '../../protocol/errors.ts';
import type { Params } from '../../protocol/methods.ts';
import type { SearchAnswer, SearchQuery } from '../../search/engine.ts';
import type { Answer, Handler } from '../handler.ts';
import { agentHit, type Ranked, type RolePart, rankedOf, round } from '../hit.ts';
import type { Catalogue } from '../ports.ts';
import { amountOf, nearestText, quote, reasoningOf, sentences } from '../reasoning.ts';

type Query = Params<'queryAgents'>;
type AgentsAnswer = Answer<'queryAgents'>;

const LIMIT = 5;
/** Agents that learning may move: the best by text alone. */
const CANDIDATES = 30;

export function queryAgents(catalogue: Catalogue, patterns: Patterns | undefined): Handler<'queryAgents'> {
  return (query) => {
    const snapshot = catalogue.current();
    if (query.role !== undefined) return answerRole(snapshot, patterns, query, query.role);
    if (query.capability === undefined && query.context === undefined) return answerListing(snapshot, query);
    return answerSearch(snapshot, patterns, query);
  };
}

function answerSearch(snapshot: Snapshot, patterns: Patterns | undefined, query: Query): AgentsAnswer {
  const answer = searchAgents(snapshot, patterns, searchQueryOf(query));
  const ranked = rankedOf(snapshot, 'agent', answer.hits);
  const agents = ranked.map((hit) =>
    agentHit(hit, query.detail ?? 'brief', snapshot.roles.ofAgent(hit.entry.id)),
  );
  const reasoning = reasoningOf(snapshot, { kind: 'agent', asked: askedOf(query) }, answer, ranked);
  return { agents, reasoning, confidence: round(answer.confidence) };
}

function answerListing(snapshot: Snapshot, { limit = LIMIT, detail = 'brief' }: Query): AgentsAnswer {
  const { hits, confidence } = snapshot.search('agent', { limit });
  const ranked = rankedOf(snapshot, 'agent', hits);
  const agents = ranked.map((hit) => agentHit(hit, detail, snapshot.roles.ofAgent(hit.entry.id)));
  const total = amountOf(snapshot.counts.agents, 'agent');
  const reasoning = `No capability, role or context given: the first ${agents.length} of ${total} in stable order.`;
  return { agents, reasoning, confidence };
}

function answerRole(
  snapshot: Snapshot,
  patterns: Patterns | undefined,
  query: Query,
  asked: string,
): AgentsAnswer {
  const role = snapshot.roles.get(asked);
  if (!role) throw unknownRole(snapshot, asked);
  const { ranked, confidence } = rankRole(snapshot, patterns, query, role);
  const shown = ranked.slice(0, query.limit ?? LIMIT);
  const agents = shown.map((hit) => agentHit(hit, query.detail ?? 'brief', partOf(role, hit.entry.id)));
  return { agents, reasoning: roleReasoning(role, query, shown), confidence };
}

function unknownRole(snapshot: Snapshot, asked: string): CallsheetError {
  const nearest = snapshot.roles.nearest(asked);
  const message = sentences([`There is no role ${quote(asked)}`, nearestText(nearest)]);
  return new CallsheetError('not_found', message, { nearest });
}

interface RankedRole {
  readonly ranked: readonly Ranked[];
  readonly confidence: number;
}

/** In the registry's order; with a capability or a task, by how well each fits it. */
function rankRole(snapshot: Snapshot, patterns: Patterns | undefined, query: Query, role: Role): RankedRole {
  const listed = role.agents.flatMap((id, i): Ranked[] => {
    const entry = snapshot.get(id, 'agent');
    return entry ? [{ entry, score: orderScore(i), reason: placeIn(role, id), also: [] }] : [];
  });
  if (listed.length === 0) return { ranked: [], confidence: 0 };
  if (query.capability === undefined && query.context === undefined) {
    return { ranked: listed, confidence: role.primary === listed[0].entry.id ? 1 : 0.5 };
  }
  const answer = searchAgents(snapshot, patterns, {
    ...searchQueryOf(query),
    among: role.agents,
    limit: role.agents.length,
  });
  const found = rankedOf(snapshot, 'agent', answer.hits).map((hit) => ({
    ...hit,
    reason: `${placeIn(role, hit.entry.id)}; ${hit.reason}`,
  }));
  const stands = new Set(found.flatMap(({ entry, also }) => [entry.id, ...also]));
  const rest = listed.filter(({ entry }) => !stands.has(entry.id)).map((hit) => ({ ...hit, score: 0 }));
  return { ranked: [...found, ...rest], confidence: round(answer.confidence) };
}

/** Places of the registry as scores: 1, then a tenth less for each place. */
function orderScore(place: number): number {
  return Math.max(0.1, 1 - place / 10);
}

function placeIn(role: Role, id: string): string {
  if (id === role.primary) return `role '${role.name}' (primary)`;
  return `role '${role.name}' (fallback ${role.fallbacks.indexOf(id) + 1})`;
}

/** For a fallback: those that come after it. */
function partOf(role: Role, id: string): RolePart {
  return { name: role.name, fallbacks: role.fallbacks.slice(role.fallbacks.indexOf(id) + 1) };
}

function roleReasoning(role: Role, query: Query, ranked: readonly Ranked[]): string {
  if (ranked.length === 0) return `The registry's role '${role.name}' names no agent that exists.`;
  const ordered = query.capability === undefined && query.context === undefined;
  return ordered
    ? `The registry's agents for role '${role.name}', first choice first.`
    : `The registry's agents for role '${role.name}', by ${askedOf(query)}. Best: ${ranked[0].entry.name}.`;
}

/** Search by text, then once more with what earlier outcomes say about the best of them. */
function searchAgents(snapshot: Snapshot, patterns: Patterns | undefined, query: SearchQuery): SearchAnswer {
  const goal = query.text ?? query.capability;
  if (!patterns || goal === undefined) return snapshot.search('agent', query);
  const byText = snapshot.search('agent', { ...query, limit: Math.max(CANDIDATES, query.limit) });
  const adjust = patterns.adjust(goal, byText.hits.slice(0, CANDIDATES));
  if (adjust.size > 0) return snapshot.search('agent', { ...query, adjust });
  return { ...byText, hits: byText.hits.slice(0, query.limit) };
}

function searchQueryOf({ capability, context, limit = LIMIT }: Query): SearchQuery {
  return { text: context, capability, limit };
}

function askedOf({ capability, context }: Query): string {
  const asked = [
    capability === undefined ? '' : `capability ${quote(capability)}`,
    context && quote(context),
  ];
  return asked.filter(Boolean).join(' and ');
}
