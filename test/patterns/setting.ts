/** A real catalogue in a temporary folder, a real database beside it, and patterns over both. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createIndexer, type Indexer } from '../../src/catalog/indexer.ts';
import { createPatterns, type PatternsOptions } from '../../src/patterns/patterns.ts';
import type { Candidate, Patterns } from '../../src/patterns/ports.ts';
import { openEmbedding } from '../../src/search/model-file.ts';
import { openStorage } from '../../src/storage/sqlite/storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

const embedding = openEmbedding(resolve(import.meta.dirname, '../../model'));

/** Names and descriptions, as a plugin would state them. */
const agents: Readonly<Record<string, string>> = {
  'security-auditor': 'Security auditor for authentication, authorization, OWASP reviews and threat models',
  'backend-developer': 'Backend developer for REST APIs, services, databases and server-side logic',
  'frontend-developer': 'Frontend developer for React, CSS, accessibility and user interfaces',
  'test-engineer': 'Test engineer for unit, integration and end-to-end test suites and flaky tests',
  'postgresql-specialist': 'PostgreSQL specialist for slow queries, indexes and database tuning',
  'mysql-specialist': 'MySQL specialist for replication, queries and schema design',
  debugger: 'Debugger who finds root causes of failures, crashes and regressions',
  'code-reviewer': 'Code reviewer for quality, readability and maintainability',
  architect: 'Software architect for system design and technical decisions',
};

const workflow = `---
description: Add a payment provider to the shop
---
# Add payments

## Phase 1: Design
Use the architect agent.

## Phase 2: Build (parallel)
### Step 2.1: Server
Use the backend-developer agent.
### Step 2.2: Pages
Use the frontend-developer agent.

## Phase 3: Verify
Use the test-engineer agent.
`;

export interface Setting {
  readonly patterns: Patterns;
  readonly storage: Storage;
  readonly indexer: Indexer;
  /** Milliseconds since the epoch; tests move it. */
  readonly time: { now: number };
  write(path: string, text: string): Promise<void>;
  /** The best agents for a goal by text alone. */
  candidates(goal: string): Candidate[];
  /** Closes the database and opens all again over the same files. */
  reopen(options?: Partial<PatternsOptions>): Promise<Setting>;
  remove(): Promise<void>;
}

export async function createSetting(options: Partial<PatternsOptions> = {}): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'callsheet-patterns-'));
  const setting = await open(folder, { now: Date.UTC(2026, 0, 1) }, options);
  for (const [name, description] of Object.entries(agents)) {
    await setting.write(`team/agents/${name}.md`, `---\nname: ${name}\ndescription: ${description}\n---\n`);
  }
  await setting.write('team/commands/add-payments.md', workflow);
  await setting.indexer.reindex();
  await setting.patterns.refresh();
  return setting;
}

async function open(
  folder: string,
  time: { now: number },
  options: Partial<PatternsOptions>,
): Promise<Setting> {
  const indexer = createIndexer({
    roots: [{ path: join(folder, 'catalogue'), scope: 'project' }],
    ...(embedding && { embedding }),
    clock: () => time.now,
  });
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const storage = await openStorage({ directory: join(folder, 'data'), clock: () => time.now, log: silent });
  const patterns = createPatterns({
    catalogue: indexer.current,
    storage,
    embedding,
    clock: () => time.now,
    learning: true,
    seed: 'test',
    ...options,
  });
  return {
    patterns,
    storage,
    indexer,
    time,
    write: async (path, text) => {
      const file = join(folder, 'catalogue/plugins', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    candidates: (text) => [...indexer.current().search('agent', { text, limit: 30 }).hits],
    reopen: async (changed = {}) => {
      await storage.close();
      const next = await open(folder, time, { ...options, ...changed });
      await next.indexer.reindex();
      await next.patterns.refresh();
      return next;
    },
    remove: async () => {
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
