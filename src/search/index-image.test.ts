import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildSearchIndex, type IndexImage, imageTag } from './engine.ts';

const documents = ['Paints walls, doors and C++.', 'Lays bricks in mortar.', 'Mixes mortar.'].map(
  (description, i) => ({
    id: `site:builder-${i}`,
    name: `builder-${i}`,
    description,
    capabilities: ['site', `tag-${i}`],
    body: i === 0 ? '' : `Whoever ${description} knows walls.`,
    plugin: 'site',
    contentHash: String(i).repeat(32),
    precedence: i,
  }),
);

describe('the image of an index', () => {
  it('is what its tag says: another image of the same documents needs another IMAGE or ANALYSIS', async () => {
    let image: IndexImage = {};
    await buildSearchIndex(documents, {
      keep: (built) => {
        image = built;
      },
    });
    const hash = createHash('sha256').update(imageTag(undefined));
    for (const [name, array] of Object.entries(image)) {
      hash.update(`\n${name} ${array.constructor.name}\n`);
      hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"959a71d964f01b03"`);
  });
});
