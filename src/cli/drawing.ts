/**
 * A plan as a small drawing: one line a group, from top to bottom in time; whom a member waits for stands beside it
 * where that is not simply everyone of the group before.
 *
 *   architect
 *   ├─ backend-developer
 *   └─ frontend-developer
 *   test-engineer
 */

export interface DrawnPlan {
  readonly parallel_groups: readonly (readonly string[])[];
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

export function drawPlan({ parallel_groups: groups, dependencies }: DrawnPlan): string[] {
  return groups.flatMap((group, at) => {
    const before = groups[at - 1] ?? [];
    return group.map((member, place) => {
      const waits = new Map(Object.entries(dependencies)).get(member) ?? [];
      return `${branch(place, group.length)}${member}${note(waits, before)}`;
    });
  });
}

function branch(place: number, size: number): string {
  if (size === 1) return '';
  return place === size - 1 ? '└─ ' : '├─ ';
}

function note(waits: readonly string[], before: readonly string[]): string {
  const usual = waits.length === before.length && before.every((name) => waits.includes(name));
  if (usual) return '';
  return waits.length === 0 ? '  (waits for nobody)' : `  (after ${waits.join(', ')})`;
}
