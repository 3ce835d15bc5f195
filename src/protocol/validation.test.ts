import { describe, expect, it } from 'vitest';
import { CallsheetError } from './errors.ts';
import type { MethodName } from './methods.ts';
import { parseParams } from './validation.ts';

function faults(method: MethodName, params: unknown): readonly string[] {
  try {
    parseParams(method, params);
  } catch (error) {
    if (error instanceof CallsheetError) return error.data?.validation_errors ?? [];
    throw error;
  }
  return [];
}

describe('parseParams', () => {
  it('gives what is valid, and nothing for nothing', () => {
    expect(parseParams('queryAgents', { context: 'x', limit: 3 })).toEqual({ context: 'x', limit: 3 });
    expect(parseParams('getHealth', undefined)).toEqual({});
  });

  it.each([
    ['a list', [], 'params must be an object with named members, not a list'],
    ['a type', { capability: 5 }, 'capability must be a string'],
    ['a fraction', { limit: 1.5 }, 'limit must be a whole number'],
    ['too many', { limit: 21 }, 'limit must be at most 20'],
    ['too few', { limit: 0 }, 'limit must be at least 1'],
    ['a choice', { detail: 'all' }, 'detail must be one of names, brief, full'],
    ['a length', { role: 'r'.repeat(51) }, 'role must be at most 50 characters'],
    [
      'a member',
      { contxt: 'x' },
      'contxt is not a member; it takes capability, role, context, limit, detail',
    ],
  ])('names the field: %s', (_, params, sentence) => {
    expect(faults('queryAgents', params)).toContain(sentence);
  });

  it('names fields inside fields', () => {
    const errors = faults('storePattern', { goal: 'g', agent_sequence: ['a', 5], dependencies: { a: 'b' } });
    expect(errors).toEqual(['agent_sequence[1] must be a string', 'dependencies.a must be an array']);
  });

  it('wants one way to name a definition', () => {
    expect(faults('getDefinition', {})).toEqual(['id: give either id or name']);
    expect(faults('getDefinition', { id: 'a', name: 'b' })).toEqual(['id: give either id or name']);
  });

  it('keeps its answer short', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`member${i}`, i]));
    expect(faults('queryAgents', many).length).toBeLessThanOrEqual(20);
  });
});
