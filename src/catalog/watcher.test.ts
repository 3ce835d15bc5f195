import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, type watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createTree, definition, write } from '../../test/catalog/tree.ts';
import type { Root } from './layout.ts';
import { createWatcher, type Watcher, type WatcherOptions } from './watcher.ts';

const DEBOUNCE = 20;
const open: Watcher[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((watcher) => watcher.close()));
});

/** A watcher that is ready, and what it told. */
async function watching(root: string, options: Partial<WatcherOptions> = {}) {
  let changes = 0;
  let wake: (() => void) | undefined;
  const roots: Root[] = [{ path: root, scope: 'project' }];
  const watcher = createWatcher({
    roots,
    debounceMs: DEBOUNCE,
    onChange: () => {
      changes++;
      wake?.();
    },
    ...options,
  });
  open.push(watcher);
  await watcher.ready;
  return {
    watcher,
    changes: () => changes,
    /** Settles at the next change. */
    next: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
  };
}

/** Does something and waits for the change it must bring. */
async function brings(seen: { next(): Promise<void> }, act: () => void): Promise<void> {
  const next = seen.next();
  act();
  await next;
}

/** Lets events arrive that must not bring anything. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DEBOUNCE * 10));
}

describe('watcher', () => {
  it('sees a definition written, changed, renamed and deleted', async () => {
    const root = createTree({ 'plugins/web/agents/a.md': definition('a') });
    const file = join(root, 'plugins/web/agents/a.md');
    const seen = await watching(root);
    await brings(seen, () => writeFileSync(file, definition('a', 'Other.')));
    await brings(seen, () => writeFileSync(join(root, 'plugins/web/agents/b.md'), definition('b')));
    await brings(seen, () => renameSync(file, join(root, 'plugins/web/agents/c.md')));
    await brings(seen, () => unlinkSync(join(root, 'plugins/web/agents/c.md')));
  });

  it('tells a burst of changes once', async () => {
    const root = createTree({ 'agents/a.md': definition('a') });
    const seen = await watching(root);
    await brings(seen, () => {
      for (let i = 0; i < 50; i++) writeFileSync(join(root, 'agents/a.md'), definition('a', `No. ${i}`));
    });
    await quiet();
    expect(seen.changes()).toBe(1);
  });

  it('follows into plugins and folders that appear later', async () => {
    const root = createTree();
    const seen = await watching(root);
    await brings(seen, () => write(root, { 'plugins/new/skills/tdd/SKILL.md': definition('tdd') }));
    await quiet();
    await brings(seen, () => write(root, { 'plugins/new/skills/tdd/SKILL.md': definition('tdd', 'Other.') }));
    await brings(seen, () => write(root, { 'plugins/new/agents/deep/er/x.md': definition('x') }));
    await quiet();
    await brings(seen, () => write(root, { 'plugins/new/agents/deep/er/x.md': definition('x', 'Other.') }));
  });

  it('sees manifests, registries and settings', async () => {
    const root = createTree({ '.claude/agents/a.md': definition('a'), '.claude-plugin/plugin.json': '{}' });
    const seen = await watching(root);
    await brings(seen, () => write(root, { '.claude/agent-registry.yml': 'roles: {}' }));
    await brings(seen, () => write(root, { '.claude/settings.json': '{}' }));
    await brings(seen, () => write(root, { '.claude-plugin/plugin.json': '{"name":"x"}' }));
  });

  it('waits for a root that is not there yet, and for one that vanished', async () => {
    const parent = createTree();
    const root = join(parent, 'some/where/root');
    const seen = await watching(root);
    await brings(seen, () => write(root, { 'agents/a.md': definition('a') }));
    await quiet();
    await brings(seen, () => write(root, { 'agents/a.md': definition('a', 'Other.') }));
    await brings(seen, () => rmSync(root, { recursive: true }));
    await quiet();
    await brings(seen, () => write(root, { 'agents/b.md': definition('b') }));
  });

  it('sees a folder renamed, and what changes in it afterwards', async () => {
    const root = createTree({ 'plugins/old/agents/a.md': definition('a') });
    const seen = await watching(root);
    await brings(seen, () => renameSync(join(root, 'plugins/old'), join(root, 'plugins/new')));
    await quiet();
    await brings(seen, () => write(root, { 'plugins/new/agents/a.md': definition('a', 'Other.') }));
  });

  it('ignores what is no definition', async () => {
    const root = createTree({ 'agents/a.md': definition('a'), 'skills/s/SKILL.md': definition('s') });
    mkdirSync(join(root, '.claude/mcp-server'), { recursive: true });
    mkdirSync(join(root, 'src'));
    const seen = await watching(root);
    write(root, {
      'src/main.ts': 'x',
      'README.md': 'x',
      'agents/picture.png': 'x',
      'agents/.a.md.swp': 'x',
      'skills/s/reference/long.md': 'x',
      '.claude/mcp-server/state.json': '{}',
    });
    await quiet();
    expect(seen.changes()).toBe(0);
  });

  it('does not look behind links that lead out of the root', async () => {
    const elsewhere = createTree({ 'agents/a.md': definition('a') });
    const root = createTree({ 'agents/b.md': definition('b') });
    symlinkSync(join(elsewhere, 'agents'), join(root, 'agents/linked'));
    symlinkSync(join(elsewhere, 'agents'), join(root, 'commands'));
    symlinkSync(elsewhere, join(root, '.claude'));
    symlinkSync(elsewhere, join(root, 'plugins'));
    const seen = await watching(root);
    write(elsewhere, {
      'agents/a.md': definition('a', 'Other.'),
      'settings.json': '{}',
      'new/agents/b.md': 'x',
    });
    await quiet();
    expect(seen.changes()).toBe(0);
  });

  it('tells nothing after it is closed', async () => {
    const root = createTree({ 'agents/a.md': definition('a') });
    const seen = await watching(root);
    write(root, { 'agents/a.md': definition('a', 'Other.') });
    await seen.watcher.close();
    write(root, { 'agents/a.md': definition('a', 'Another.') });
    await quiet();
    expect(seen.changes()).toBe(0);
  });

  it('gives up with one warning where the system allows no more watches', async () => {
    const root = createTree({ 'agents/a.md': definition('a'), 'skills/s/SKILL.md': definition('s') });
    const warnings: string[] = [];
    let asked = 0;
    const refuse = (() => {
      asked++;
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    }) as unknown as typeof watch;
    const seen = await watching(root, { watch: refuse, log: { warn: (message) => warnings.push(message) } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('max_user_watches');
    expect(asked).toBe(1);
    write(root, { 'agents/b.md': definition('b') });
    await quiet();
    expect(seen.changes()).toBe(0);
  });
});
