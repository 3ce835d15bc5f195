/**
 * Copies of one definition: the same name in several plugins with nearly the same text.
 *
 * A name may begin with its plugin's name (`git-workflows-code-reviewer`); the rest of it is compared then.
 */
import { resemblance, SKETCH_SLOTS } from './sketch.ts';

/** Texts that resemble each other this much are one. Copies in real collections reach 0.97, namesakes 0.08. */
const NEARLY_THE_SAME = 0.6;

/** Whose copies are looked for. */
export interface Comparable {
  readonly name: string;
  readonly plugin?: string;
  readonly precedence: number;
}

export interface CopiesBuilder {
  /** @param sketch of the document's description and body */
  add(document: Comparable, sketch: Uint16Array): void;
  /** For each document the one that stands for it: the copy with precedence, itself where there is no other. */
  build(): Uint32Array;
}

export function createCopies(): CopiesBuilder {
  const namesakes = new Map<string, number[]>();
  const precedences: number[] = [];
  let sketches = new Uint16Array(SKETCH_SLOTS * 64);
  return {
    add: (document, sketch) => {
      const index = precedences.push(document.precedence) - 1;
      const name = bareName(document.name, document.plugin);
      const group = namesakes.get(name);
      if (group) group.push(index);
      else namesakes.set(name, [index]);
      if ((index + 1) * SKETCH_SLOTS > sketches.length) {
        const larger = new Uint16Array(sketches.length * 2);
        larger.set(sketches);
        sketches = larger;
      }
      sketches.set(sketch, index * SKETCH_SLOTS);
    },
    build: () => {
      const standsFor = Uint32Array.from(precedences.keys());
      const sketch = (i: number) => sketches.subarray(i * SKETCH_SLOTS, (i + 1) * SKETCH_SLOTS);
      for (const group of namesakes.values()) {
        if (group.length === 1) continue;
        group.sort((a, b) => precedences[a] - precedences[b] || a - b);
        for (const [at, document] of group.entries()) {
          const winner = group.slice(0, at).find((other) => {
            const first = standsFor[other] === other;
            return first && resemblance(sketch(other), sketch(document)) >= NEARLY_THE_SAME;
          });
          if (winner !== undefined) standsFor[document] = winner;
        }
      }
      return standsFor;
    },
  };
}

/** A name without its plugin's in front of it, lower case. */
export function bareName(name: string, plugin: string | undefined): string {
  const lower = name.toLowerCase();
  const prefix = plugin === undefined ? '' : `${plugin.toLowerCase()}-`;
  return prefix !== '' && lower.startsWith(prefix) && lower.length > prefix.length
    ? lower.slice(prefix.length)
    : lower;
}
