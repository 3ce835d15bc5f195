import { describe, expect, it } from 'vitest';
import { idOf, partsOf, uriOf } from './uris.ts';

describe('ids as URIs', () => {
  it.each(['data:schema/migrate', 'project:émile 100%', 'a:b:c', 'user:x?y#z'])(
    'go there and back: %s',
    (id) => {
      expect(idOf('workflow', uriOf('workflow', id))).toBe(id);
    },
  );

  it('write a slash inside a name as %2F', () => {
    expect(uriOf('workflow', 'data:schema/migrate')).toBe('workflow://data/schema%2Fmigrate');
  });

  it.each(['agent://data', 'agent://data/a/b', 'skill://data/a', 'agent://data/%zz', ''])(
    'are none where they are broken or of another kind: %s',
    (uri) => {
      expect(idOf('agent', uri)).toBeUndefined();
    },
  );

  it('part at the first colon', () => {
    expect(partsOf({ id: 'a:b:c' })).toEqual({ plugin: 'a', name: 'b:c' });
  });
});
