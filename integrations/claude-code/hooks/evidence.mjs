/**
 * What the transcript of a subagent shows: its task, how long it took, what its context held, and whether tests it ran
 * last passed. Saying "done" is no evidence.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Only so much of a transcript is read: its beginning and its end. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 512 * 1024;
/** How much a test run says about the task. */
const TESTED = 0.6;
const testRun =
  /\b(?:(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?test|vitest|jest|mocha|pytest|tox|go\s+test|cargo\s+(?:test|nextest)|mvn\s+(?:\S+\s+)*(?:test|verify)|gradlew?\s+(?:\S+\s+)*test|dotnet\s+test|rspec|phpunit|ctest|make\s+(?:test|check))\b/;

/** Never throws; what cannot be seen is left out. */
export function evidenceIn(path) {
  try {
    const entries = readEntries(path);
    return { ...taskOf(entries), ...timesOf(entries), ...tokensOf(entries), ...testsOf(entries) };
  } catch {
    return {};
  }
}

function readEntries(path) {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const head = read(file, 0, Math.min(size, HEAD_BYTES));
    const from = Math.max(HEAD_BYTES, size - TAIL_BYTES);
    const tail = size > HEAD_BYTES ? read(file, from, size - from) : '';
    return `${head}${from > HEAD_BYTES ? '\n' : ''}${tail}`.split('\n').flatMap(parsed);
  } finally {
    closeSync(file);
  }
}

function read(file, from, length) {
  const buffer = Buffer.alloc(length);
  return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, from));
}

/** Lines cut in half are no entries. */
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

const partsOf = (entry) => (Array.isArray(entry?.message?.content) ? entry.message.content : []);

function taskOf(entries) {
  const first = entries.find(({ type }) => type === 'user')?.message?.content;
  const text =
    typeof first === 'string'
      ? first
      : partsOf({ message: { content: first } }).find(({ type }) => type === 'text')?.text;
  return text ? { task: text } : {};
}

function timesOf(entries) {
  const times = entries.map(({ timestamp }) => Date.parse(timestamp)).filter((time) => time > 0);
  return times.length > 1 ? { duration_ms: Math.max(...times) - Math.min(...times) } : {};
}

/** What the subagent's context held in the end, without what it handed back: the caller's context was spared that. */
function tokensOf(entries) {
  const usage = entries.findLast(({ message }) => message?.usage)?.message.usage;
  if (!usage) return {};
  const { input_tokens = 0, cache_read_input_tokens = 0, cache_creation_input_tokens = 0 } = usage;
  return { tokens_saved: input_tokens + cache_read_input_tokens + cache_creation_input_tokens };
}

/** The last test run that has a result. */
function testsOf(entries) {
  const runs = new Set();
  let last;
  for (const part of entries.flatMap(partsOf)) {
    if (part.type === 'tool_use' && part.name === 'Bash' && testRun.test(part.input?.command ?? ''))
      runs.add(part.id);
    if (part.type === 'tool_result' && runs.has(part.tool_use_id)) last = part;
  }
  if (!last) return {};
  return { result: last.is_error === true ? 'failure' : 'success', certainty: TESTED };
}
