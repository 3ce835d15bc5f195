import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLines, lastLines } from './log-lines.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callsheet-log-'));
  file = join(folder, 'x.log');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the end of a log', () => {
  it('is its last lines', () => {
    writeFileSync(file, 'one\ntwo\nthree\n');
    expect(lastLines(file, 2)).toEqual(['two', 'three']);
    expect(lastLines(file, 9)).toEqual(['one', 'two', 'three']);
    expect(lastLines(file, 0)).toEqual([]);
  });

  it('is empty where there is nothing', () => {
    expect(lastLines(file, 5)).toEqual([]);
    writeFileSync(file, '');
    expect(lastLines(file, 5)).toEqual([]);
  });

  it('is followed in whole lines, also into a file that was begun anew', async () => {
    writeFileSync(file, 'old\n');
    const seen: string[] = [];
    const controller = new AbortController();
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (seen.length < count) return;
          clearInterval(timer);
          resolve();
        }, 10);
      });
    const following = followLines(file, (line) => seen.push(line), controller.signal);
    appendFileSync(file, 'new\nhal');
    await until(1);
    appendFileSync(file, 'f\n');
    await until(2);
    writeFileSync(file, 'anew\n');
    await until(3);
    controller.abort();
    await following;
    expect(seen).toEqual(['new', 'half', 'anew']);
  });
});
