import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCloserLook } from './closer-look.ts';
import { buildSearchIndex, type SearchDocument } from './engine.ts';
import { openEmbedding } from './model-file.ts';

const embedding = openEmbedding(resolve(import.meta.dirname, '../../model'));
if (!embedding) throw new Error('the model ships with the project');

function lookAt(...heads: [string, string][]) {
  const builder = createCloserLook(embedding as NonNullable<typeof embedding>);
  for (const [name, description] of heads) builder.add(name, description);
  return builder.build();
}

describe('a closer look', () => {
  const look = lookAt(
    ['book_flight', 'Books a flight between two cities.'],
    ['weather', 'Tells the temperature of a city.'],
    ['', ''],
  );

  it('is the closer the more words of both sides find each other', () => {
    const [same, other] = look.closeness('book a flight between two cities', [0, 1]);
    expect(same).toBeGreaterThan(other);
    const [near] = look.closeness('reserve a plane ticket', [0]);
    expect(near).toBeLessThan(same);
    expect(near).toBeGreaterThan(look.closeness('reserve a plane ticket', [1])[0]);
  });

  it('is nothing where no word is known on one side', () => {
    expect([...look.closeness('слон', [0, 1])]).toEqual([0, 0]);
    expect([...look.closeness('book a flight', [2])]).toEqual([0]);
  });

  it('answers in the order asked, whatever else is asked with it', () => {
    const alone = look.closeness('temperature', [1])[0];
    expect(look.closeness('temperature', [0, 1])[1]).toBe(alone);
  });
});

describe('an index of definitions without bodies', () => {
  const document = (name: string, description: string, precedence: number): SearchDocument => ({
    id: name,
    name,
    description,
    capabilities: [],
    body: '',
    contentHash: name,
    precedence,
  });

  it('puts the one first whose words meet the question, and keeps scores within 0..1', async () => {
    const index = await buildSearchIndex(
      [
        document('flight_prices', 'Gets the price of a flight between two cities.', 0),
        document('hotel_booking', 'Books a room of a hotel for some nights.', 1),
        document('flight_booking', 'Books a flight between two cities.', 2),
      ],
      { embedding: embedding as NonNullable<typeof embedding> },
    );
    const { hits } = index.search({ text: 'reserve a plane seat from Rome to Oslo', limit: 3 });
    expect(hits[0].id).toMatch(/^flight_/);
    for (const { score } of hits) expect(score).toBeGreaterThanOrEqual(0);
    for (const { score } of hits) expect(score).toBeLessThanOrEqual(1);
  });
});
