import { expect, it } from 'vitest';
import { complete, keep, readKept } from './kept-answer.ts';

const memo = { params: { context: 'a\nb' }, returned: ['p:a'] };

it('gives back what was kept, line ends in it and all', () => {
  const { memo: found, answer } = readKept(keep(memo, { reasoning: 'one\ntwo \ud800' }));
  expect(found).toEqual(memo);
  expect(JSON.parse(answer)).toEqual({ reasoning: 'one\ntwo \ud800' });
});

it('keeps an answer without a memo', () => {
  expect(readKept(keep(undefined, {}))).toEqual({ memo: undefined, answer: '{}' });
});

it('adds what differs from call to call at the end', () => {
  expect(complete('{"a":1}', true, 'r1')).toBe('{"a":1,"cache_hit":true,"route_id":"r1"}');
  expect(complete('{"a":1}', false, undefined)).toBe('{"a":1,"cache_hit":false}');
  expect(complete('{}', true, 'r1')).toBe('{"cache_hit":true,"route_id":"r1"}');
});
