/**
 * The tables, as numbered migrations, and the reading of what was applied. A migration that has been released is
 * never edited; what changes is a new one.
 *
 *   1  the first design's tables: a database of that time, which records no migrations, is recognised by it
 *   2  every kind of query with its route; decisions that know route and pattern; exact averages; checksums
 *
 * Times are milliseconds since the epoch. `checksum` seals a row (`checksums.ts`); null means: to be sealed before
 * the transaction ends.
 */
import { crc32 } from 'node:zlib';
import type { Migration, MigrationTarget } from '../migrate.ts';
import type { Connection, Row } from './driver.ts';
import { transaction } from './transaction.ts';

const asDesigned = `
CREATE TABLE IF NOT EXISTS agent_queries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
  capability TEXT,
  role TEXT,
  context TEXT,
  agents_returned TEXT,
  cache_hit INTEGER,
  duration_ms INTEGER
);
CREATE TABLE IF NOT EXISTS orchestration_patterns (
  id TEXT PRIMARY KEY,
  goal TEXT NOT NULL,
  agent_sequence TEXT NOT NULL,
  dependencies TEXT,
  parallel_groups TEXT,
  success_count INTEGER DEFAULT 0,
  failure_count INTEGER DEFAULT 0,
  avg_duration_ms INTEGER DEFAULT 0,
  avg_tokens_saved INTEGER DEFAULT 0,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS decision_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT UNIQUE NOT NULL,
  task_description TEXT NOT NULL,
  agents_used TEXT NOT NULL,
  result TEXT NOT NULL,
  duration_ms INTEGER,
  tokens_saved INTEGER,
  timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
);
`;

/** Text of SQLite's CURRENT_TIMESTAMP → milliseconds. */
const milliseconds = (column: string): string =>
  `COALESCE(CAST(strftime('%s', ${column}) AS INTEGER), 0) * 1000`;
const validJson = (column: string, otherwise: string): string =>
  `CASE WHEN json_valid(${column}) THEN ${column} ELSE ${otherwise} END`;

const mended = `
CREATE TABLE queries_2 (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  route_id TEXT,
  method TEXT NOT NULL,
  params TEXT NOT NULL, -- JSON object
  returned TEXT NOT NULL, -- JSON array of ids, best first
  cache_hit INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  timestamp INTEGER NOT NULL
);
INSERT INTO queries_2 (id, method, params, returned, cache_hit, duration_ms, timestamp)
  SELECT id, 'queryAgents',
    json_patch('{}', json_object('capability', capability, 'role', role, 'context', context)),
    ${validJson('agents_returned', "'[]'")}, COALESCE(cache_hit, 0), COALESCE(duration_ms, 0),
    ${milliseconds('timestamp')}
  FROM agent_queries;
DROP TABLE agent_queries;
ALTER TABLE queries_2 RENAME TO agent_queries;
CREATE INDEX idx_agent_queries_timestamp ON agent_queries(timestamp);
CREATE INDEX idx_agent_queries_route ON agent_queries(route_id);

CREATE TABLE patterns_2 (
  id TEXT PRIMARY KEY NOT NULL,
  goal TEXT NOT NULL,
  agent_sequence TEXT NOT NULL, -- JSON array
  dependencies TEXT NOT NULL, -- JSON object
  parallel_groups TEXT NOT NULL, -- JSON array of arrays
  success_count INTEGER NOT NULL DEFAULT 0,
  failure_count INTEGER NOT NULL DEFAULT 0,
  partial_count INTEGER NOT NULL DEFAULT 0,
  duration_total INTEGER NOT NULL DEFAULT 0, -- of the decisions that state one
  duration_count INTEGER NOT NULL DEFAULT 0,
  tokens_total INTEGER NOT NULL DEFAULT 0,
  tokens_count INTEGER NOT NULL DEFAULT 0,
  avg_duration_ms REAL AS (COALESCE(CAST(duration_total AS REAL) / NULLIF(duration_count, 0), 0)) VIRTUAL,
  avg_tokens_saved REAL AS (COALESCE(CAST(tokens_total AS REAL) / NULLIF(tokens_count, 0), 0)) VIRTUAL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  pruned_at INTEGER,
  learned_from TEXT, -- task_id
  checksum INTEGER
);
INSERT INTO patterns_2 (id, goal, agent_sequence, dependencies, parallel_groups, success_count, failure_count,
    duration_total, duration_count, tokens_total, tokens_count, created_at, updated_at)
  SELECT id, goal, ${validJson('agent_sequence', 'json_array(agent_sequence)')},
    ${validJson('dependencies', "'{}'")}, ${validJson('parallel_groups', "'[]'")},
    COALESCE(success_count, 0), COALESCE(failure_count, 0),
    COALESCE(avg_duration_ms, 0) * (COALESCE(success_count, 0) + COALESCE(failure_count, 0)),
    COALESCE(success_count, 0) + COALESCE(failure_count, 0),
    COALESCE(avg_tokens_saved, 0) * (COALESCE(success_count, 0) + COALESCE(failure_count, 0)),
    COALESCE(success_count, 0) + COALESCE(failure_count, 0),
    ${milliseconds('created_at')}, ${milliseconds('updated_at')}
  FROM orchestration_patterns WHERE id IS NOT NULL;
DROP TABLE orchestration_patterns;
ALTER TABLE patterns_2 RENAME TO orchestration_patterns;
CREATE INDEX idx_patterns_goal ON orchestration_patterns(goal);
CREATE INDEX idx_patterns_learned_from ON orchestration_patterns(learned_from);
CREATE INDEX idx_patterns_unsealed ON orchestration_patterns(id) WHERE checksum IS NULL;

CREATE TABLE decisions_2 (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT UNIQUE NOT NULL,
  task_description TEXT NOT NULL,
  agents_used TEXT NOT NULL, -- JSON array
  result TEXT NOT NULL CHECK (result IN ('success', 'failure', 'partial')),
  duration_ms INTEGER,
  tokens_saved INTEGER,
  route_id TEXT,
  pattern_id TEXT REFERENCES orchestration_patterns(id),
  source TEXT,
  certainty REAL,
  timestamp INTEGER NOT NULL,
  checksum INTEGER
);
INSERT INTO decisions_2 (id, task_id, task_description, agents_used, result, duration_ms, tokens_saved, timestamp)
  SELECT id, task_id, task_description, ${validJson('agents_used', 'json_array(agents_used)')},
    CASE WHEN result IN ('success', 'failure') THEN result ELSE 'partial' END,
    duration_ms, tokens_saved, ${milliseconds('timestamp')}
  FROM decision_history;
DROP TABLE decision_history;
ALTER TABLE decisions_2 RENAME TO decision_history;
CREATE INDEX idx_decision_history_timestamp ON decision_history(timestamp);
CREATE INDEX idx_decision_history_pattern ON decision_history(pattern_id);
CREATE INDEX idx_decision_history_unsealed ON decision_history(id) WHERE checksum IS NULL;
`;

export const migrations: readonly Migration[] = [
  { version: 1, name: 'as first designed', statements: asDesigned },
  { version: 2, name: 'routes, patterns of decisions, exact averages, checksums', statements: mended },
];

const migrationsTable = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL
);
`;

export function migrationTarget(connection: Connection, now: () => number): MigrationTarget {
  return {
    version: () => recordedVersion(connection),
    apply: ({ version, name, statements }) =>
      transaction(connection, () => {
        connection.exec(migrationsTable);
        connection.exec(statements);
        connection
          .prepare('INSERT INTO schema_migrations (version, name, applied_at, checksum) VALUES (?, ?, ?, ?)')
          .run(version, name, now(), recordChecksum(version, name));
      }),
  };
}

/** 0 for a database that records no migrations. Throws `DamagedRecordError` when the record itself is damaged. */
export function recordedVersion(connection: Connection): number {
  const table = connection
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")
    .get();
  if (!table) return 0;
  const rows = connection
    .prepare('SELECT version, name, checksum FROM schema_migrations ORDER BY version')
    .all() as Row[];
  rows.forEach(({ version, name, checksum }, position) => {
    if (version !== position + 1 || checksum !== recordChecksum(Number(version), String(name))) {
      throw new DamagedRecordError('the record of migrations is damaged');
    }
  });
  return rows.length;
}

/** Tells a damaged version number from a newer program's. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';
}

function recordChecksum(version: number, name: string): number {
  return crc32(`${version} ${name}`);
}
