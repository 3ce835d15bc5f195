/**
 * One call of a tool: arguments → the service → an answer for a model, in `content` and in `structuredContent` alike.
 *
 * What the caller can mend, and what the service refuses, is an `isError` result in plain words, not an error of the
 * protocol: models read the former.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Definition } from '../protocol/entities.ts';
import { CallsheetError } from '../protocol/errors.ts';
import type { MethodName, Result } from '../protocol/methods.ts';
import type { CallContext, Service } from '../protocol/service.ts';
import { briefHits, definitionOf, definitionText, planOf } from './projection.ts';
import { boundTokens } from './token-bound.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

/** Hits where the caller names no number. */
const LIMIT = 3;
/** No definition costs more, whatever is asked for. */
const MOST_TOKENS = 10_000;
const hitLists: Partial<Record<MethodName, string>> = {
  queryAgents: 'agents',
  querySkills: 'skills',
  queryWorkflows: 'workflows',
};

export async function callTool(
  service: Service,
  tool: string,
  method: MethodName,
  args: Arguments,
  context: CallContext,
): Promise<CallToolResult> {
  try {
    return await answerOf(service, method, args, context);
  } catch (thrown) {
    return { content: [{ type: 'text', text: sayWhy(thrown, tool, method) }], isError: true };
  }
}

async function answerOf(
  service: Service,
  method: MethodName,
  args: Arguments,
  context: CallContext,
): Promise<CallToolResult> {
  // The service validates: what does not fit the method's params is refused there.
  const call = service[method] as (params: Arguments, context: CallContext) => Promise<unknown>;
  const list = hitLists[method];
  if (list !== undefined) {
    const result = (await call({ limit: LIMIT, ...args }, context)) as Answer;
    return both(args.detail === 'full' ? result : briefHits(result, list));
  }
  if (method === 'getDefinition') return openDefinition((params) => call(params, context), args);
  const result = await call(args, context);
  return both(
    method === 'getOrchestrationPattern'
      ? planOf(result as Result<'getOrchestrationPattern'>)
      : (result as Answer),
  );
}

function both(answer: Answer, text = JSON.stringify(answer)): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: answer };
}

/**
 * The service counts the body's tokens; the answer has a head, too, and real tokenizers differ. So what comes back is
 * measured, and asked for again shorter where it is over: first without the head, then with less of the body.
 */
async function openDefinition(
  call: (params: Arguments) => Promise<unknown>,
  args: Arguments,
): Promise<CallToolResult> {
  const asked = args.max_tokens;
  const most = typeof asked === 'number' ? Math.min(asked, MOST_TOKENS) : MOST_TOKENS;
  const whole = definitionOf((await call({ ...args, ...capped(asked, most) })) as Definition);
  if (costOf(whole) <= most) return both(whole, definitionText(whole));
  let answer = withoutHead(whole);
  for (let share = most; costOf(answer) > most && share > 1; ) {
    share = Math.max(1, Math.floor(share * Math.min(0.9, most / costOf(answer))));
    answer = withoutHead(definitionOf((await call({ ...args, max_tokens: share })) as Definition));
  }
  return both(answer, definitionText(answer));
}

/** What is no number of tokens is left for the service to refuse. */
function capped(asked: unknown, most: number): Arguments {
  return asked === undefined || (typeof asked === 'number' && asked > most) ? { max_tokens: most } : {};
}

function withoutHead({ frontmatter: _head, ...rest }: Answer): Answer {
  return rest;
}

function costOf(answer: Answer): number {
  return boundTokens(JSON.stringify(answer));
}

function sayWhy(thrown: unknown, tool: string, method: MethodName): string {
  if (!(thrown instanceof CallsheetError)) return `${tool} failed for a reason that is in the server's log.`;
  const { message, data } = thrown;
  if (data?.validation_errors) {
    const faults = data.validation_errors.map((fault) => fault.replaceAll(method, tool));
    return `Not understood: ${faults.join('; ')}\nMend the arguments and call ${tool} again.`;
  }
  const near = (data?.nearest ?? []).map(({ id }) => id).filter((id) => !message.includes(id));
  const nearest = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
  const log = data?.correlation_id === undefined ? '' : ` (in the server's log under ${data.correlation_id})`;
  return `${message}${log}${nearest}`;
}
