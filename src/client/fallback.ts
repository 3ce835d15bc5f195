/**
 * Answers while the server is away: the same shapes, ranked by the same search core over the little that is
 * embedded. Words only: there is no table of meanings in a client.
 *
 *   registry → documents → search index per kind (built at the first question) → hits, `source: "fallback"`
 */
import type { AgentHit, Detail, SkillHit, WorkflowHit } from '../protocol/entities.ts';
import { CallsheetError } from '../protocol/errors.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { Registry, RegistryEntry } from '../protocol/registry.ts';
import { similarity } from '../search/edit-distance.ts';
import { buildSearchIndex, type SearchHit, type SearchIndex, type SearchQuery } from '../search/engine.ts';
import { format } from '../search/explanation.ts';

export interface Fallback {
  /** @throws CallsheetError `unavailable` for what only the server can do, `not_found` for an unknown role */
  answer(method: MethodName, params: unknown): Promise<object>;
}

interface Found {
  readonly entry: RegistryEntry;
  readonly hit: SearchHit | undefined;
}

interface Ranking {
  readonly found: readonly Found[];
  readonly reasoning: string;
  readonly confidence: number;
}

const DEFAULT_LIMIT = 5;

export function createFallback(registry: Registry): Fallback {
  const shelves = {
    agents: shelf(registry.agents),
    skills: shelf(registry.skills),
    workflows: shelf(registry.workflows),
  };
  return {
    answer: async (method, params) => {
      switch (method) {
        case 'queryAgents':
          return queryAgents(registry, shelves.agents, params as Params<'queryAgents'>);
        case 'querySkills':
          return querySkills(shelves.skills, params as Params<'querySkills'>);
        case 'queryWorkflows':
          return queryWorkflows(shelves.workflows, params as Params<'queryWorkflows'>);
        case 'queryPattern':
          return { patterns: [], ...answered({ reasoning: 'no plans are embedded', confidence: 0 }) };
        default:
          throw new CallsheetError(
            'unavailable',
            `${method} needs the Callsheet server, which is away. Start it with: callsheet start`,
          );
      }
    },
  };
}

/** Entries of one kind, indexed when first searched. */
interface Shelf {
  readonly entries: readonly RegistryEntry[];
  search(query: SearchQuery): Promise<Ranking>;
}

function shelf(entries: readonly RegistryEntry[]): Shelf {
  let index: Promise<SearchIndex> | undefined;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    entries,
    search: async (query) => {
      index ??= buildSearchIndex(entries.map(documentOf));
      const answer = (await index).search(query);
      const found = answer.hits.flatMap((hit) => {
        const entry = byId.get(hit.id);
        return entry ? [{ entry, hit }] : [];
      });
      const near = answer.nearest.map(({ id }) => id).join(', ');
      const nothing = near === '' ? 'nothing fits' : `nothing fits; nearest: ${near}`;
      return {
        found,
        confidence: answer.confidence,
        reasoning: `${answer.searched} embedded definitions searched by words; ${found.length > 0 ? `${found.length} fit` : nothing}`,
      };
    },
  };
}

function documentOf(
  { id, name, description, capabilities, plugin, model }: RegistryEntry,
  precedence: number,
) {
  return {
    id,
    name,
    description,
    capabilities: capabilities ?? [],
    body: '',
    contentHash: id,
    precedence,
    ...(plugin !== undefined && { plugin }),
    ...(model !== undefined && { model }),
  };
}

async function queryAgents(
  registry: Registry,
  agents: Shelf,
  params: Params<'queryAgents'>,
): Promise<Omit<Result<'queryAgents'>, 'cache_hit'>> {
  const { role, capability, context, limit = DEFAULT_LIMIT, detail = 'brief' } = params;
  const among = role === undefined ? undefined : agentsOfRole(registry, role);
  const asked = capability !== undefined || context !== undefined;
  const ranking = asked
    ? await agents.search({
        limit,
        ...(context !== undefined && { text: context }),
        ...(capability !== undefined && { capability }),
        ...(among && { among }),
      })
    : listed(agents.entries, among, limit);
  const hits = ranking.found.map(({ entry, hit }): AgentHit => {
    const base = baseHit(entry, hit, detail);
    if (detail === 'names') return base;
    const { model, capabilities = [] } = entry;
    return {
      ...base,
      capabilities,
      ...(model !== undefined && { model }),
      ...(role !== undefined && { role }),
    };
  });
  return routed({ agents: hits, ...answered(ranking) });
}

function agentsOfRole(registry: Registry, role: string): readonly string[] {
  const found = Object.hasOwn(registry.roles, role) ? registry.roles[role] : undefined;
  if (found) return found;
  const nearest = Object.keys(registry.roles)
    .map((name) => ({ id: name, name, score: similarity(role, name) }))
    .filter(({ score }) => score > 0.3)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
  throw new CallsheetError('not_found', `No role is called '${role}'`, { nearest });
}

function listed(
  entries: readonly RegistryEntry[],
  among: readonly string[] | undefined,
  limit: number,
): Ranking {
  const wanted = among ? among.flatMap((id) => entries.find((entry) => entry.id === id) ?? []) : entries;
  const found = wanted.slice(0, limit).map((entry) => ({ entry, hit: undefined }));
  const reasoning = among
    ? 'the primary of the role, then its fallbacks'
    : 'the embedded definitions in stable order';
  return { found, reasoning, confidence: found.length > 0 && among ? 1 : 0 };
}

async function querySkills(
  skills: Shelf,
  { context, category, limit = DEFAULT_LIMIT, detail = 'brief' }: Params<'querySkills'>,
): Promise<Omit<Result<'querySkills'>, 'cache_hit'>> {
  const among =
    category === undefined ? undefined : skills.entries.filter((skill) => skill.category === category);
  const ranking = await skills.search({
    text: context,
    limit,
    ...(among && { among: among.map(({ id }) => id) }),
  });
  const hits = ranking.found.map(({ entry, hit }): SkillHit => {
    const base = baseHit(entry, hit, detail);
    if (detail === 'names') return base;
    return {
      ...base,
      keywords: entry.capabilities ?? [],
      ...(entry.category !== undefined && { category: entry.category }),
    };
  });
  return routed({ skills: hits, ...answered(ranking) });
}

async function queryWorkflows(
  workflows: Shelf,
  { goal, limit = DEFAULT_LIMIT, detail = 'brief' }: Params<'queryWorkflows'>,
): Promise<Omit<Result<'queryWorkflows'>, 'cache_hit'>> {
  const ranking = await workflows.search({ text: goal, limit });
  const hits = ranking.found.map(({ entry, hit }): WorkflowHit => {
    const base = baseHit(entry, hit, detail);
    if (detail === 'names') return base;
    const { arguments: hint, agents = [] } = entry;
    return { ...base, steps: [], agents: [...agents], ...(hint !== undefined && { arguments: hint }) };
  });
  return routed({ workflows: hits, ...answered(ranking) });
}

function baseHit(
  { id, name, description, plugin }: RegistryEntry,
  hit: SearchHit | undefined,
  detail: Detail,
) {
  const base = { id, name, score: hit?.score ?? 0 };
  if (detail === 'names') return base;
  return {
    ...base,
    description,
    reason: hit ? format(hit.explanation) : 'listed in order',
    ...(plugin !== undefined && { plugin }),
    ...(hit && hit.also.length > 0 && { also: [...hit.also] }),
  };
}

function answered({ reasoning, confidence }: Pick<Ranking, 'reasoning' | 'confidence'>) {
  return { reasoning: `The server is away: ${reasoning}.`, confidence, source: 'fallback' as const };
}

let routes = 0;

/** Names this answer like any other; the server does not know it and takes the outcome by its goal. */
function routed<T extends object>(answer: T): T & { route_id: string } {
  return { ...answer, route_id: `fallback-${++routes}` };
}
