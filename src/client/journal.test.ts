import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileJournal, createMemoryJournal, type Decision, type Journal } from './journal.ts';
import { detectPlatform, type Files } from './platform.ts';

const decision = (task_id: string, result: Decision['result'] = 'success'): Decision => ({
  task_id,
  task_description: 'x',
  agents_used: ['a'],
  result,
});

const { files } = detectPlatform();
if (!files) throw new Error('Node has files');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const makers: Record<string, (limit?: number) => Journal> = {
  memory: (limit) => createMemoryJournal(limit),
  files: (limit) => createFileJournal(files, `${folder}/journal`, limit),
};

describe.each(Object.keys(makers))('a journal in %s', (kind) => {
  const make = makers[kind] as (limit?: number) => Journal;

  it('keeps the newest decision of each task, oldest first', () => {
    const journal = make();
    journal.put(decision('one', 'failure'));
    journal.put(decision('two'));
    journal.put(decision('one'));
    expect(journal.pending()).toEqual([decision('two'), decision('one')]);
    journal.remove('two');
    expect(journal.size).toBe(1);
  });

  it('drops the oldest beyond its limit and says which', () => {
    const journal = make(2);
    expect([journal.put(decision('a')), journal.put(decision('b')), journal.put(decision('c'))]).toEqual([
      [],
      [],
      ['a'],
    ]);
    expect(journal.pending().map(({ task_id }) => task_id)).toEqual(['b', 'c']);
  });
});

describe('a journal in files', () => {
  it('outlives the process, in order, without what was removed or dropped', () => {
    const before = createFileJournal(files, folder, 3);
    for (const task of ['a', 'b', 'c', 'd']) before.put(decision(task));
    before.put(decision('b', 'partial'));
    before.remove('c');
    const after = createFileJournal(files, folder, 3);
    expect(after.pending()).toEqual([decision('d'), decision('b', 'partial')]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('ignores and removes what it cannot read', () => {
    writeFileSync(join(folder, '1-broken.json'), '{"task_id":');
    expect(createFileJournal(files, folder).size).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps in memory what the disk refuses', () => {
    const refusing: Files = {
      ...files,
      write: () => {
        throw new Error('ENOSPC');
      },
    };
    const journal = createFileJournal(refusing, folder);
    journal.put(decision('a'));
    expect(journal.pending()).toEqual([decision('a')]);
  });
});
