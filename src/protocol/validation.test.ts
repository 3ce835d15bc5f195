import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../search/nearest-name.ts';
import { CallsheetError } from './errors.ts';
import { type MethodName, methodNames } from './methods.ts';
import { validate as validateWith } from './validation.ts';

const validate = (method: MethodName, params: unknown) => validateWith(method, params, nearestName);

function faults(method: MethodName, params: unknown): readonly string[] {
  try {
    validate(method, params);
  } catch (error) {
    if (error instanceof CallsheetError && error.code === -32602) return error.data?.validation_errors ?? [];
    throw error;
  }
  return [];
}

describe('validation', () => {
  it('accepts what the schema accepts, and nothing as an object without members', () => {
    expect(validate('queryAgents', { context: 'login', limit: 3 })).toEqual({ context: 'login', limit: 3 });
    expect(validate('getHealth', undefined)).toEqual({});
  });

  it.each<[MethodName, unknown, string[]]>([
    ['queryAgents', ['login'], ['params: must be an object with named members, not a list']],
    ['querySkills', {}, ['context: is required']],
    ['queryAgents', { context: null }, ['context: must be a text, not null']],
    ['queryAgents', { context: 7 }, ['context: must be a text, not 7']],
    ['queryAgents', { context: '' }, ['context: must not be empty']],
    ['queryAgents', { context: 'x'.repeat(2001) }, ['context: must have at most 2,000 characters']],
    ['queryAgents', { capability: 'x'.repeat(101) }, ['capability: must have at most 100 characters']],
    ['queryAgents', { role: 'x'.repeat(51) }, ['role: must have at most 50 characters']],
    ['queryAgents', { limit: 0 }, ['limit: must be at least 1']],
    ['queryAgents', { limit: 21 }, ['limit: must be at most 20']],
    ['queryAgents', { limit: 1.5 }, ['limit: must be a whole number, not 1.5']],
    ['queryAgents', { limit: '5' }, ['limit: must be a number, not a text']],
    [
      'queryAgents',
      { detail: 'breif' },
      ['detail: must be one of names, brief, full; did you mean "brief"?'],
    ],
    ['queryAgents', { contxt: 'login' }, ['contxt: unknown member; did you mean "context"?']],
    [
      'queryWorkflows',
      { goal: 'x', zebra: 1 },
      ['zebra: unknown member; queryWorkflows takes goal, limit, detail'],
    ],
    ['getHealth', { a: 1 }, ['a: unknown member; getHealth takes none']],
    ['getDefinition', {}, ['id: give either id or name']],
    ['getDefinition', { id: 'a', name: 'b' }, ['id: give either id or name']],
    [
      'storePattern',
      { goal: 'x', agent_sequence: [], dependencies: { a: [1] } },
      ['agent_sequence: must not be empty', 'dependencies.a[0]: must be a text, not 1'],
    ],
    [
      'cacheDecision',
      { task_id: 't', task_description: 'd', agents_used: ['a'] },
      ['result: is required: one of success, failure, partial'],
    ],
  ])('%s %j → %j', (method, params, expected) => {
    expect(faults(method, params)).toEqual(expected);
  });

  it('names every field at fault, whatever comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...methodNames), fc.jsonValue(), (method, params) => {
        const found = faults(method, params);
        for (const fault of found) expect(fault).toMatch(/^.+: .+/);
        expect(found.length).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('shows hostile names cut', () => {
    expect(faults('getHealth', { ['x'.repeat(10_000)]: 1 })[0].length).toBeLessThan(150);
  });
});
