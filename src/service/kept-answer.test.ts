import { expect, it } from 'vitest';
import type { JsonText } from '../protocol/json-text.ts';
import { complete, keep, sizeOf } from './kept-answer.ts';

const memo = { params: { context: 'a\nb' }, returned: ['p:a'] };

function textOf({ head, tail }: JsonText): string {
  return `${Buffer.from(head)}${tail}`;
}

it('keeps what the log is told as it is', () => {
  expect(keep(memo, {}).memo).toBe(memo);
  expect(keep(undefined, {}).memo).toBeUndefined();
});

it('gives back what was kept, line ends in it and all', () => {
  const value = { reasoning: 'one\ntwo \ud800 … 例' };
  const json = textOf(complete(keep(memo, value), true, 'r1'));
  expect(JSON.parse(json)).toEqual({ ...value, cache_hit: true, route_id: 'r1' });
});

it('adds what differs from call to call at the end', () => {
  expect(textOf(complete(keep(memo, { a: 1 }), true, 'r1'))).toBe('{"a":1,"cache_hit":true,"route_id":"r1"}');
  expect(textOf(complete(keep(memo, { a: 1 }), false, undefined))).toBe('{"a":1,"cache_hit":false}');
  expect(textOf(complete(keep(memo, {}), true, 'r1'))).toBe('{"cache_hit":true,"route_id":"r1"}');
});

it('has the size of its bytes, and of the texts of its memo', () => {
  const alone = sizeOf(keep(undefined, { a: 'é' }));
  expect(alone).toBe(Buffer.byteLength('{"a":"é",'));
  const longer = { ...memo, params: { context: 'x'.repeat(1000) } };
  expect(sizeOf(keep(longer, {})) - sizeOf(keep(memo, {}))).toBe(1000 - memo.params.context.length);
});
