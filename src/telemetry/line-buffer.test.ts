import { expect, it } from 'vitest';
import { LineBuffer } from './line-buffer.ts';

it('gives lines back in order, once', () => {
  const buffer = new LineBuffer(100);
  buffer.add('one');
  buffer.add('zwei … 二');
  expect(buffer.take()).toBe('one\nzwei … 二');
  expect(buffer.take()).toBeUndefined();
  buffer.add('three');
  expect(buffer.take()).toBe('three');
});

it('says what fits, whatever its characters', () => {
  const buffer = new LineBuffer(20);
  expect(buffer.fits(6)).toBe(true);
  expect(buffer.fits(7)).toBe(false);
  buffer.add('二二二二');
  expect(buffer.fits(2)).toBe(true);
  expect(buffer.fits(3)).toBe(false);
  buffer.add('二二');
  expect(buffer.take()).toBe('二二二二\n二二');
});
