/**
 * Holds the layering: imports point down, siblings do not know each other, drivers are named in one place only.
 *
 *   composition  app, cli, daemon, config, index
 *   doors        client, http, mcp, dashboard
 *   service
 *   domain       catalog, patterns
 *   foundations  search, cache, storage, telemetry
 *   protocol
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

/** For each folder of `src`, the folders and packages its files may import. */
const allowed: Record<string, readonly string[]> = {
  protocol: [],
  search: [],
  cache: ['protocol'],
  storage: ['protocol'],
  telemetry: ['protocol'],
  catalog: ['protocol', 'search', 'telemetry'],
  patterns: ['protocol', 'search', 'storage', 'telemetry'],
  service: ['protocol', 'search', 'cache', 'storage', 'telemetry', 'catalog', 'patterns'],
  http: ['protocol', 'telemetry'],
  mcp: ['protocol', 'telemetry'],
  dashboard: ['protocol'],
  // The fallback ranks with the same core (docs/decisions/0002-client-ranks-with-search.md).
  client: ['protocol', 'search'],
};

/** Ports: what `catalog`, `patterns` and `service` may see of `cache` and `storage`. */
const drivers = /^(storage\/(sqlite|postgres)\/|cache\/(memory|redis)\.ts$)/;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$/.test(file));

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8');
  const specifiers = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...specifiers].map((match) => {
    const specifier = match[1] ?? match[2];
    const to = specifier.startsWith('.')
      ? relative(source, resolve(source, dirname(file), specifier)).replaceAll('\\', '/')
      : specifier;
    return { from: file, to };
  });
});

const local = imports.filter(({ to }) => files.includes(to));
const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

describe('architecture', () => {
  it('reads the tree it guards', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(local.length).toBeGreaterThan(5);
  });

  it('imports point down only', () => {
    const wrong = local.filter(({ from, to }) => {
      const folder = folderOf(from);
      const rules = allowed[folder];
      return rules !== undefined && folderOf(to) !== folder && !rules.includes(folderOf(to));
    });
    expect(wrong).toEqual([]);
  });

  it('knows every folder', () => {
    const known = new Set([...Object.keys(allowed), 'cli', 'daemon', '']);
    expect([...new Set(files.map(folderOf))].filter((folder) => !known.has(folder))).toEqual([]);
  });

  it('protocol imports zod alone', () => {
    const foreign = imports.filter(
      ({ from, to }) => from.startsWith('protocol/') && !files.includes(to) && to !== 'zod',
    );
    expect(foreign).toEqual([]);
  });

  it('domain and service see ports, never drivers', () => {
    const wrong = local.filter(
      ({ from, to }) => /^(catalog|patterns|service|http|mcp)\//.test(from) && drivers.test(to),
    );
    expect(wrong).toEqual([]);
  });

  it('only app.ts and, for commands without a server, maintenance.ts name the drivers', () => {
    const composers = ['app.ts', 'maintenance.ts'];
    const wrong = local.filter(
      ({ from, to }) => drivers.test(to) && !composers.includes(from) && folderOf(from) !== folderOf(to),
    );
    expect(wrong).toEqual([]);
  });

  it('only config.ts reads the environment', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(source, file), 'utf8')));
    expect(readers.filter((file) => file !== 'config.ts')).toEqual([]);
  });

  it('has no import cycles', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to } of local) graph.set(from, [...(graph.get(from) ?? []), to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    expect(files.filter((file) => /(^|\/)(utils?|common|helpers?|lib|misc)(\/|\.ts$)/.test(file))).toEqual(
      [],
    );
  });
});
