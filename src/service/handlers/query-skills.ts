/** Which skill helps? A category narrows the search: the exact one, else the nearest, and the answer says which. */
import type { Entry, Snapshot } from '../../catalog/snapshot.ts';
import { slug } from '../../catalog/text.ts';
import { similarity } from '../../search/edit-distance.ts';
import type { Handler } from '../handler.ts';
import { rankedOf, round, skillHit } from '../hit.ts';
import type { Catalogue } from '../ports.ts';
import { nearestText, quote, reasoningOf, sentences } from '../reasoning.ts';

const LIMIT = 5;
/** Likeness from which another category is taken for the one that was meant. */
const NEAR_ENOUGH = 0.6;

export function querySkills(catalogue: Catalogue): Handler<'querySkills'> {
  return ({ context, category, limit = LIMIT, detail = 'brief' }) => {
    const snapshot = catalogue.current();
    const narrowed = category === undefined ? undefined : narrow(snapshot, category);
    if (narrowed && narrowed.ids.length === 0) {
      return { skills: [], reasoning: sentences(narrowed.notes), confidence: 0 };
    }
    const among = narrowed && { among: narrowed.ids };
    const answer = snapshot.search('skill', { text: context, limit, ...among });
    const ranked = rankedOf(snapshot, 'skill', answer.hits);
    const searched = { kind: 'skill', asked: quote(context), notes: narrowed?.notes ?? [] } as const;
    return {
      skills: ranked.map((hit) => skillHit(hit, detail)),
      reasoning: reasoningOf(snapshot, searched, answer, ranked),
      confidence: round(answer.confidence),
    };
  };
}

interface Narrowed {
  readonly ids: readonly string[];
  readonly notes: readonly string[];
}

function narrow(snapshot: Snapshot, asked: string): Narrowed {
  const byCategory = groupByCategory(snapshot.entries('skill'));
  const exact = byCategory.get(slug(asked));
  if (exact) return { ids: exact.ids, notes: [`Only category ${quote(exact.name)}`] };
  const near = [...byCategory.values()]
    .map(({ name, ids }) => ({ name, ids, score: similarity(slug(asked), slug(name)) }))
    .sort((a, b) => b.score - a.score);
  const none = `There is no category ${quote(asked)}`;
  if (near.length > 0 && near[0].score >= NEAR_ENOUGH) {
    return { ids: near[0].ids, notes: [`${none}; searched the nearest, ${quote(near[0].name)}`] };
  }
  return { ids: [], notes: [none, nearestText(near)] };
}

interface Category {
  readonly name: string;
  readonly ids: string[];
}

function groupByCategory(skills: readonly Entry[]): ReadonlyMap<string, Category> {
  const groups = new Map<string, Category>();
  for (const { id, category } of skills) {
    if (category === undefined) continue;
    const group = groups.get(slug(category));
    if (group) group.ids.push(id);
    else groups.set(slug(category), { name: category, ids: [id] });
  }
  return groups;
}
