/**
 * What one context holds: `npm run bench:tokens` (`--json` for machines).
 *
 *   baselines   every agent in the prompt: a line each, its whole head, its whole file
 *   Callsheet   a real session with the running server: what is always loaded + calls + answers of N questions
 *
 * Counted with the o200k tokenizer, for each collection in ../shared/corpora, else for the starter catalogue. The
 * definitions a session opens stand beside: with a roster in the prompt they have to be opened, too. The last columns
 * say where Callsheet costs as much as the line-a-agent roster: after more questions than that it *loses*.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { Entry } from '../src/catalog/entry.ts';
import { readCatalogue } from '../src/cli/offline-catalogue.ts';
import { readConfig } from '../src/config.ts';
import { mean } from './metrics.ts';
import { shared } from './relevance.ts';
import { startServer } from './server-process.ts';

const project = resolve(import.meta.dirname, '..');
const QUESTIONS = 20;
const SHOWN = [1, 3, 5, 7, 10, 20];

/** Any text may be counted, also one that looks like a control token. */
const count = (text: string): number => encode(text, { disallowedSpecial: new Set<string>() }).length;

interface Collection {
  readonly name: string;
  readonly root: string;
  readonly questions: readonly string[];
  readonly agents: readonly Entry[];
}

interface Report {
  readonly collection: string;
  readonly agents: number;
  readonly baselines: { readonly lines: number; readonly heads: number; readonly files: number };
  /** Definition of the tool that is always loaded, and the instructions. */
  readonly always: number;
  /** The same for hosts that load all six definitions. */
  readonly always_all_tools: number;
  readonly call: number;
  readonly answer: number;
  /** Mean of the first definition an answer names. */
  readonly opened_definition: number;
  /** What a context holds after 1, 2, … questions. */
  readonly session: readonly number[];
  /** The most questions for which that is less than a line an agent, estimated beyond those asked; 0: never. */
  readonly cheaper_up_to: number;
  readonly cheaper_up_to_all_tools: number;
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'callsheet-tokens-'));
  try {
    const reports: Report[] = [];
    for (const collection of await collections(work)) reports.push(await measure(collection, work));
    if (process.argv.includes('--json')) console.log(JSON.stringify(reports, null, 2));
    else print(reports);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function collections(work: string): Promise<Collection[]> {
  const folder = join(shared, 'corpora');
  if (!existsSync(folder)) {
    console.error('Note: ../shared is not here; the starter catalogue alone is measured.');
    return [await open('starter', project, work)];
  }
  const found: Collection[] = [];
  for (const name of readdirSync(folder).sort()) found.push(await open(name, join(folder, name), work));
  return found.filter(({ agents }) => agents.length > 0);
}

async function open(name: string, root: string, work: string): Promise<Collection> {
  const flags = { root: [root], 'data-dir': join(work, name) };
  const config = readConfig({ cwd: work, home: work, env: {}, flags });
  const { snapshot } = await readCatalogue(config);
  const agents = snapshot.entries('agent');
  const labelled = labelledQuestions(name);
  const questions = labelled.length >= QUESTIONS ? labelled : madeUpQuestions(agents);
  return { name, root, agents, questions: questions.slice(0, QUESTIONS) };
}

/** Questions people wrote for a collection, spread over their kinds. */
function labelledQuestions(name: string): string[] {
  const file = join(shared, 'relevance/rosters/queries.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as { corpus: string; kind: string; query: string });
  const fitting = all.filter(({ corpus, kind }) => kind === 'agent' && name.includes(corpus));
  const step = Math.max(1, Math.floor(fitting.length / QUESTIONS));
  return fitting.filter((_, i) => i % step === 0).map(({ query }) => query);
}

/** Where nobody wrote any: what agents are for, in the words of their first lines. */
function madeUpQuestions(agents: readonly Entry[]): string[] {
  return Array.from({ length: agents.length > 0 ? QUESTIONS : 0 }, (_, i) => {
    const { name, description } = agents[Math.floor((i * agents.length) / QUESTIONS) % agents.length];
    return `We need help with ${name.replaceAll('-', ' ')}: ${description.split(/\s+/).slice(0, 12).join(' ')}`;
  });
}

async function measure({ name, root, agents, questions }: Collection, work: string): Promise<Report> {
  const server = await startServer({ root, dataDir: join(work, name) });
  const client = new Client({ name: 'bench', version: '1' });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${server.port}/mcp`)));
    const { tools } = await client.listTools();
    const said = count(client.getInstructions() ?? '');
    const definitions = tools.map((tool) => count(JSON.stringify(tool)));
    const always = said + (definitions[0] ?? 0);
    const always_all_tools = said + definitions.reduce((sum, tokens) => sum + tokens, 0);
    const exchanges = [];
    for (const question of questions) exchanges.push(await ask(client, question));
    const lines = count(agents.map((agent) => `- ${agent.name}: ${agent.description}`).join('\n'));
    const perQuestion = mean(exchanges.map(({ call, answer }) => call + answer));
    return {
      collection: name,
      agents: agents.length,
      baselines: { lines, ...filesOf(agents) },
      always,
      always_all_tools,
      call: mean(exchanges.map(({ call }) => call)),
      answer: mean(exchanges.map(({ answer }) => answer)),
      opened_definition: mean(exchanges.flatMap(({ opened }) => opened ?? [])),
      session: runningSum(
        always,
        exchanges.map(({ call, answer }) => call + answer),
      ),
      cheaper_up_to: Math.max(0, Math.floor((lines - always) / perQuestion)),
      cheaper_up_to_all_tools: Math.max(0, Math.floor((lines - always_all_tools) / perQuestion)),
    };
  } finally {
    await client.close();
    await server.stop();
  }
}

interface Exchange {
  readonly call: number;
  readonly answer: number;
  readonly opened: number | undefined;
}

async function ask(client: Client, question: string): Promise<Exchange> {
  const call = { name: 'find_agents', arguments: { context: question } };
  const found = await client.callTool(call);
  const { agents } = found.structuredContent as { agents: readonly { id: string }[] };
  const [first] = agents;
  const opened = first && (await client.callTool({ name: 'get_definition', arguments: { id: first.id } }));
  return {
    call: count(JSON.stringify(call)),
    answer: count(textOf(found)),
    opened: opened && count(textOf(opened)),
  };
}

function textOf({ content }: Awaited<ReturnType<Client['callTool']>>): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function filesOf(agents: readonly Entry[]): { heads: number; files: number } {
  const texts = agents.map(({ root, path }) => readFileSync(join(root, path), 'utf8'));
  const heads = texts.map((text) => /^\uFEFF?---\r?\n[\s\S]*?\n---/.exec(text)?.[0] ?? '');
  const sum = (parts: readonly string[]) => parts.reduce((total, part) => total + count(part), 0);
  return { heads: sum(heads), files: sum(texts) };
}

function runningSum(start: number, parts: readonly number[]): number[] {
  let sum = start;
  return parts.map((part) => {
    sum += part;
    return sum;
  });
}

function print(reports: readonly Report[]): void {
  const head = [
    'collection',
    'agents',
    'lines',
    'heads',
    'files',
    'always',
    ...SHOWN.map((n) => `N=${n}`),
    'at 7',
    'opened',
  ];
  const rows = reports.map((report) => {
    const { collection, agents, baselines, always, session, opened_definition } = report;
    const { lines, heads, files } = baselines;
    const atSeven = `${signed((session[6] ?? 0) / lines - 1)}`;
    const after = SHOWN.map((n) => session[n - 1] ?? 0);
    return [
      collection,
      agents,
      lines,
      heads,
      files,
      always,
      ...after,
      atSeven,
      Math.round(opened_definition),
    ];
  });
  table([head, ...rows]);
  console.log(
    '\nlines, heads, files: every agent in the prompt. N: a session of Callsheet with N questions.',
  );
  console.log(
    'at 7: seven questions against lines. opened: a definition, mean; either way it has to be opened.\n',
  );
  for (const { collection, cheaper_up_to, cheaper_up_to_all_tools } of reports) {
    console.log(
      `${collection}: ${verdict(cheaper_up_to)}; with all six tools loaded, ${verdict(cheaper_up_to_all_tools)}`,
    );
  }
}

function verdict(most: number): string {
  return most === 0
    ? 'LOSES from the first question: put the roster in the prompt'
    : `cheaper up to ${most} question${most === 1 ? '' : 's'} a context, loses from ${most + 1}`;
}

function signed(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}

function table(rows: readonly (readonly (string | number)[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  for (const row of rows) {
    const cells = row.map((cell, i) =>
      i === 0 ? String(cell).padEnd(widths[i] ?? 0) : String(cell).padStart(widths[i] ?? 0),
    );
    console.log(cells.join('  '));
  }
}

await main();
