import { describe, expect, it } from 'vitest';
import { doersOf } from './doers.ts';
import { createLandmarks, emptyProfile, likenessTo, type Place } from './landmarks.ts';

/** A goal that is done by two of twelve, as its number says. */
function place(number: number): Place {
  const probabilities = new Float32Array(12).fill(0.02);
  probabilities[number % 3] = 0.5;
  probabilities[3 + (number % 9)] = 0.28;
  const topic = { vector: undefined, doers: doersOf(probabilities) };
  return { text: `goal ${number}`, topic, profile: emptyProfile() };
}

function seen(numbers: readonly number[]) {
  const landmarks = createLandmarks();
  const all: Place[] = [];
  const add = (number: number): void => {
    const fresh = place(number);
    all.push(fresh);
    landmarks.add(fresh, all);
  };
  const remove = (number: number): void => {
    const [gone] = all.splice(
      all.findIndex(({ text }) => text === `goal ${number}`),
      1,
    );
    landmarks.remove(gone as Place, all);
  };
  for (const number of numbers) add(number);
  /** To goal 1, by number. */
  const resemblances = (): Map<string, number> => {
    const resemblance = landmarks.resemblance(likenessTo(place(1).topic));
    return new Map(all.map((each) => [each.text, resemblance(each)]));
  };
  return { landmarks, add, remove, resemblances };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

const expectSame = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): void => {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  for (const [text, value] of a) expect(value).toBeCloseTo(b.get(text) ?? Number.NaN, 5);
};

describe('landmarks', () => {
  it('are as many goals as there are, and no more than a sample of them', () => {
    expect(seen(upTo(5)).landmarks.count).toBe(5);
    expect(seen(upTo(200)).landmarks.count).toBe(emptyProfile().length);
  });

  it('find a goal like itself, and unlike those done by others', () => {
    const found = seen(upTo(60)).resemblances();
    expect(found.get('goal 1')).toBeCloseTo(1, 5);
    expect(found.get('goal 10')).toBeCloseTo(1, 5);
    expect(found.get('goal 2')).toBeLessThan(0);
  });

  it('do not depend on the order in which goals came', () => {
    expectSame(seen(upTo(150)).resemblances(), seen(upTo(150).reverse()).resemblances());
  });

  it('are the same after goals have gone as if they had never been', () => {
    for (const [before, after] of [
      [150, 100],
      [60, 20],
      [30, 3],
    ] as const) {
      const some = seen(upTo(before));
      for (let number = after; number < before; number++) some.remove(number);
      expect(some.landmarks.count).toBe(Math.min(after, emptyProfile().length));
      expectSame(some.resemblances(), seen(upTo(after)).resemblances());
    }
  });

  it('tell nothing where there are none, or where all goals are the same', () => {
    expect(seen([]).landmarks.resemblance(likenessTo(place(1).topic))(place(1))).toBeCloseTo(0, 9);
    expect(seen([1, 10, 19]).resemblances().get('goal 1')).toBeCloseTo(0, 2);
  });
});
