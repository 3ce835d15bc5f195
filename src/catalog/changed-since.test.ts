import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTree, definition } from '../../test/catalog/tree.ts';
import { COARSEST_CLOCK, changedSince } from './changed-since.ts';

const pause = async (): Promise<void> => undefined;

it('tells a file changed in place and one that went, and nothing that does not matter', async () => {
  const root = createTree({ 'a.md': definition('a'), 'b.md': definition('b'), 'notes.txt': 'x' });
  const plan = new Map([[root, (name: string) => name.endsWith('.md')]]);
  const changed = (since: number): Promise<boolean> => changedSince(plan, since, pause);
  expect(await changed(Date.now())).toBe(true);
  await sleep(COARSEST_CLOCK + 200);
  const since = Date.now();
  expect(await changed(since)).toBe(false);
  writeFileSync(join(root, 'notes.txt'), 'y');
  expect(await changed(since)).toBe(false);
  writeFileSync(join(root, 'a.md'), definition('a', 'Other.'));
  expect(await changed(since)).toBe(true);
  await sleep(COARSEST_CLOCK + 200);
  const later = Date.now();
  expect(await changed(later)).toBe(false);
  rmSync(join(root, 'b.md'));
  expect(await changed(later)).toBe(true);
});

it('takes a folder that is gone as it is', async () => {
  const root = createTree({});
  expect(await changedSince(new Map([[join(root, 'gone'), () => true]]), Date.now(), pause)).toBe(false);
});
