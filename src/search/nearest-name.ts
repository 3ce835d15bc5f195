/** "Did you mean": the nearest of a few names, if one is near enough to be meant. */
import { distance } from './edit-distance.ts';

export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(typed.length / 3));
  const near = names
    .map((name) => ({ name, edits: distance(typed.toLowerCase(), name.toLowerCase(), most) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.name;
}
