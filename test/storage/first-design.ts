/** A database as the first design made it: its own statements, and a few rows. */
export const firstDesign = `
CREATE TABLE agent_queries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
  capability TEXT,
  role TEXT,
  context TEXT,
  agents_returned TEXT, -- JSON array
  cache_hit INTEGER,
  duration_ms INTEGER
);
CREATE INDEX idx_agent_queries_timestamp ON agent_queries(timestamp);
CREATE INDEX idx_agent_queries_capability ON agent_queries(capability);
CREATE TABLE orchestration_patterns (
  id TEXT PRIMARY KEY,
  goal TEXT NOT NULL,
  agent_sequence TEXT NOT NULL, -- JSON array
  dependencies TEXT, -- JSON object
  parallel_groups TEXT, -- JSON array
  success_count INTEGER DEFAULT 0,
  failure_count INTEGER DEFAULT 0,
  avg_duration_ms INTEGER DEFAULT 0,
  avg_tokens_saved INTEGER DEFAULT 0,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_patterns_goal ON orchestration_patterns(goal);
CREATE TABLE decision_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT UNIQUE NOT NULL,
  task_description TEXT NOT NULL,
  agents_used TEXT NOT NULL, -- JSON array
  result TEXT NOT NULL, -- 'success' | 'failure' | 'partial'
  duration_ms INTEGER,
  tokens_saved INTEGER,
  timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_decision_history_timestamp ON decision_history(timestamp);
CREATE INDEX idx_decision_history_result ON decision_history(result);

INSERT INTO agent_queries (capability, agents_returned, cache_hit, duration_ms)
  VALUES ('react', '["react-specialist"]', 1, 12);
INSERT INTO agent_queries (role, context) VALUES ('dev', 'a context');
INSERT INTO orchestration_patterns (id, goal, agent_sequence, success_count, failure_count, avg_duration_ms,
    avg_tokens_saved)
  VALUES ('auth', 'add authentication', '["security-auditor","backend-developer"]', 3, 1, 1200, 800);
INSERT INTO decision_history (task_id, task_description, agents_used, result, timestamp)
  VALUES ('old-1', 'add OAuth2', '["security-auditor"]', 'success', '2025-11-04 22:00:00');
`;
