/** Names of agents against the catalogue: whom a team consists of, and who is nobody. */
import { CallsheetError, type Nearest } from '../protocol/errors.ts';
import type { PatternCatalogue } from './ports.ts';

export interface Team {
  /** As given. */
  readonly names: readonly string[];
  /** Ids of those the catalogue knows, in order, each once. */
  readonly ids: readonly string[];
  readonly unknown: readonly { readonly name: string; readonly nearest: readonly Nearest[] }[];
}

export function teamOf(names: readonly string[], catalogue: PatternCatalogue): Team {
  const ids = new Set<string>();
  const unknown: Team['unknown'][number][] = [];
  for (const name of names) {
    const { entry, nearest } = catalogue.resolve(name, 'agent');
    if (entry) ids.add(entry.id);
    else unknown.push({ name, nearest });
  }
  return { names, ids: [...ids], unknown };
}

/** Share of a team that the catalogue knows, 0..1. */
export function runnableShare({ ids, unknown }: Team): number {
  return ids.length === 0 ? 0 : ids.length / (ids.length + unknown.length);
}

/** Whether two lists name the same agents, in whatever order and form. */
export function sameTeam(a: Team, b: Team): boolean {
  if (a.unknown.length + b.unknown.length > 0 || a.ids.length !== b.ids.length) return false;
  const ids = new Set(a.ids);
  return b.ids.every((id) => ids.has(id));
}

/** @throws CallsheetError `invalid_params`, one sentence for each name, and what is near them. */
export function demandKnown(team: Team, field: string): void {
  const faults = team.unknown.map(({ name, nearest }) => {
    const near = nearest.map(({ id }) => `'${id}'`).join(', ');
    return `${field}: '${name}' is not an agent of the catalogue${near === '' ? '' : `; near it: ${near}`}`;
  });
  if (team.ids.length + team.unknown.length < team.names.length) {
    faults.push(`${field}: names one agent more than once`);
  }
  if (faults.length === 0) return;
  throw new CallsheetError('invalid_params', faults[0], {
    validation_errors: faults,
    nearest: team.unknown.flatMap(({ nearest }) => nearest),
  });
}
