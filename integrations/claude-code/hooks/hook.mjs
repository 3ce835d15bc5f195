/**
 * Every hook of the plugin: one event on stdin, at most one JSON object on stdout, always exit code 0.
 *
 *   SessionStart        says what can be found
 *   UserPromptSubmit    offers what fits the prompt, where CALLSHEET_SUGGEST=1 and it fits well
 *   SubagentStart       notes when an agent began
 *   SubagentStop        records who worked, how long, and what its transcript shows
 *   PostToolUse         the same task again, with the words in which it was given
 *
 * Fails open and fast: whatever happens, the host goes on within a second.
 */
import { evidenceIn } from './evidence.mjs';
import { forget, keep, recall } from './notes.mjs';
import { ask, record } from './server.mjs';

const DEADLINE_MS = 900;
/** Answers given with this much confidence are right about as often. */
const SURE = 0.5;
const LONGEST_TASK = 2000;

setTimeout(() => process.exit(0), DEADLINE_MS).unref();

const events = {
  SessionStart: sessionStart,
  UserPromptSubmit: userPrompt,
  SubagentStart: began,
  SubagentStop: ended,
  PostToolUse: returned,
};

try {
  const event = JSON.parse(await input());
  const name = event.hook_event_name;
  const handle = Object.hasOwn(events, name) ? events[name] : undefined;
  const additionalContext = await handle?.(event);
  if (additionalContext) {
    console.log(JSON.stringify({ hookSpecificOutput: { hookEventName: name, additionalContext } }));
  }
} catch {
  // A hook must never be in the way of the work.
}

async function input() {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  return text;
}

async function sessionStart({ cwd }) {
  const health = await ask(cwd, 'getHealth', {}).catch(() => undefined);
  if (!health)
    return 'Callsheet can find agents, skills and workflows for a task: find_agents, find_skills, find_workflows.';
  const { agents, skills, workflows } = health.indexes;
  return `Callsheet knows ${agents} agents, ${skills} skills and ${workflows} workflows here: find_agents, find_skills, find_workflows.`;
}

async function userPrompt({ cwd, prompt }) {
  if (process.env.CALLSHEET_SUGGEST !== '1' || typeof prompt !== 'string' || prompt.trim() === '')
    return undefined;
  const { agents, confidence } = await ask(cwd, 'queryAgents', {
    context: prompt.slice(0, LONGEST_TASK),
    limit: 3,
  });
  if (confidence < SURE) return undefined;
  const lines = agents.map(({ id, description }) => `- ${id}: ${shortened(description, 60)}`);
  return `Agents that fit, by Callsheet:\n${lines.join('\n')}`;
}

function began({ session_id, agent_id, agent_type }) {
  if (agent_id) keep(session_id, agent_id, { agent_type, began: Date.now() });
}

async function ended({ session_id, cwd, agent_id, agent_type, agent_transcript_path }) {
  if (!agent_id) return;
  const before = recall(session_id, agent_id);
  const seen = evidenceIn(agent_transcript_path);
  const found = {
    agent: agent_type ?? before?.agent_type ?? seen.agent,
    task: seen.task,
    result: seen.result,
    certainty: seen.certainty,
    duration_ms: before?.began === undefined ? seen.duration_ms : Date.now() - before.began,
    tokens_saved: seen.tokens_saved,
  };
  keep(session_id, agent_id, found);
  await record(cwd, decisionOf(session_id, agent_id, found));
}

/** The tool's answer says what the task was; what the transcript showed still counts. */
async function returned({ session_id, cwd, tool_input = {}, tool_response = {} }) {
  const { agentId, totalDurationMs, status } = tool_response;
  if (!agentId || status === 'async_launched') return;
  const found = recall(session_id, agentId) ?? {};
  const task = [tool_input.description, tool_input.prompt].filter(Boolean).join(': ') || found.task;
  const agent = tool_input.subagent_type ?? found.agent;
  const failed = status === 'failed' || status === 'error' || tool_response.is_error === true;
  await record(
    cwd,
    decisionOf(session_id, agentId, {
      ...found,
      task,
      agent,
      duration_ms: totalDurationMs ?? found.duration_ms,
      ...(failed && { result: 'failure', certainty: 0.8 }),
    }),
  );
  forget(session_id, agentId);
}

/** Without evidence nobody knows: `partial`, with a certainty of 0, so that nothing is learned from it. */
function decisionOf(
  session,
  agentId,
  { agent, task, result = 'partial', certainty = 0, duration_ms, tokens_saved },
) {
  if (!agent || !task) return undefined;
  return {
    task_id: `claude-code:${session}:${agentId}`.slice(0, 300),
    task_description: shortened(String(task), LONGEST_TASK),
    agents_used: [agent],
    result,
    certainty,
    source: 'claude-code-hook',
    ...(duration_ms >= 0 && { duration_ms: Math.round(duration_ms) }),
    ...(tokens_saved >= 0 && { tokens_saved: Math.round(tokens_saved) }),
  };
}

function shortened(text, most) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
