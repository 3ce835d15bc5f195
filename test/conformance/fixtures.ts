/**
 * What the scenarios of the conformance suite call by name: tools, resources and prompts that no real server has.
 * Their names, texts and shapes are the suite's; where a scenario asks back, it does so by an `input_required` result.
 */
import { createHmac, randomBytes } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequest,
  inputRequired,
  inputResponse,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** One red pixel, and no sound at all. */
const image =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const sound = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

type Tool = (context: ServerContext, args: Record<string, unknown>) => Promise<object> | object;

const text = (value: string) => ({ type: 'text', text: value });
const picture = { type: 'image', data: image, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, value: string) => ({
  type: 'resource',
  resource: { uri, mimeType, text: value },
});
const says = (value: string) => ({ content: [text(value)] });

const ask = {
  name: inputRequired.elicit({
    message: 'What is your name?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  }),
  capital: inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: 'What is the capital of France?' } }],
    maxTokens: 100,
  }),
  roots: inputRequired.listRoots(),
} satisfies Record<string, InputRequest>;

/** Asks for one thing, then says what was answered. */
function asking(key: string, request: InputRequest): Tool {
  return ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, key);
    if (answer.kind === 'missing') return inputRequired({ inputRequests: { [key]: request } });
    if (answer.kind === 'elicit') return says(`Hello, ${String(answer.content?.name)}!`);
    return says(JSON.stringify(answer));
  };
}

const secret = randomBytes(32);

function signed(value: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('hex')}`;
}

/** The state of an earlier round, unless somebody else wrote it. */
function stateOf({ mcpReq }: ServerContext): string | undefined {
  const state = mcpReq.requestState<string>();
  if (state === undefined) return undefined;
  const value = state.slice(0, state.indexOf('.'));
  if (signed(value) === state) return value;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The state is not one this server gave');
}

/** Asks with a signed state, and takes the answer with that state only. */
function withState(inputRequests: Record<string, InputRequest>): Tool {
  return (context) =>
    stateOf(context) === undefined
      ? inputRequired({ inputRequests, requestState: signed('round-1') })
      : says('state-ok');
}

function form(message: string, member: string, type: 'string' | 'boolean' = 'string'): InputRequest {
  const property = type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const };
  const requestedSchema = {
    type: 'object' as const,
    properties: { [member]: property },
    required: [member],
  };
  return inputRequired.elicit({ message, requestedSchema });
}

const multiRound: Tool = (context) => {
  const state = stateOf(context);
  if (state === 'round-2') return says('Done after two rounds.');
  const [requestState, inputRequests] =
    state === 'round-1'
      ? [signed('round-2'), { step2: form('Step 2: What is your favorite color?', 'color') }]
      : [signed('round-1'), { step1: form('Step 1: What is your name?', 'name') }];
  return inputRequired({ inputRequests, requestState });
};

const byCapability: Tool = ({ mcpReq }) => {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  const declared: object = envelope[CLIENT_CAPABILITIES_META_KEY] ?? {};
  const inputRequests = {
    ...('sampling' in declared && { capital_question: ask.capital }),
    ...('elicitation' in declared && { user_name: ask.name }),
  };
  return Object.keys(inputRequests).length > 0 ? inputRequired({ inputRequests }) : says('Nothing to ask.');
};

const logging: Tool = async ({ mcpReq }) => {
  for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await mcpReq.log('info', data);
  }
  return says('Tool with logging executed successfully');
};

const progress: Tool = async ({ mcpReq }) => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return says('Nobody follows');
  for (const done of [0, 50, 100]) {
    const params = { progressToken, progress: done, total: 100 };
    await mcpReq.notify({ method: 'notifications/progress', params });
  }
  return says(String(progressToken));
};

/** Keywords that must reach a client as they are. */
const wholeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function tools(changed: () => void): Record<string, Tool> {
  return {
    test_simple_text: () => says('This is a simple text response for testing.'),
    test_image_content: () => ({ content: [picture] }),
    test_audio_content: () => ({ content: [{ type: 'audio', data: sound, mimeType: 'audio/wav' }] }),
    test_embedded_resource: () => ({
      content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    }),
    test_multiple_content_types: () => ({
      content: [
        text('Multiple content types test:'),
        picture,
        embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    }),
    test_error_handling: () => ({
      ...says('This tool intentionally returns an error for testing'),
      isError: true,
    }),
    test_tool_with_logging: logging,
    test_logging_tool: logging,
    test_tool_with_progress: progress,
    test_missing_capability: () => inputRequired({ inputRequests: { capital_question: ask.capital } }),
    test_streaming_elicitation: asking('user_name', ask.name),
    test_input_required_result_elicitation: asking('user_name', ask.name),
    test_input_required_result_sampling: asking('capital_question', ask.capital),
    test_input_required_result_list_roots: asking('client_roots', ask.roots),
    test_input_required_result_request_state: withState({ confirm: form('Please confirm', 'ok', 'boolean') }),
    test_input_required_result_tampered_state: withState({
      confirm: form('Please confirm', 'ok', 'boolean'),
    }),
    test_input_required_result_multiple_inputs: withState({
      user_name: ask.name,
      greeting: ask.capital,
      client_roots: ask.roots,
    }),
    test_input_required_result_multi_round: multiRound,
    test_input_required_result_capabilities: byCapability,
    json_schema_2020_12_tool: () => says('Called.'),
    test_trigger_prompt_change: () => {
      changed();
      return says('Changed.');
    },
  };
}

const user = (content: object) => ({ role: 'user', content });

const prompts: Record<string, (context: ServerContext, args: Record<string, string>) => object> = {
  test_simple_prompt: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }),
  test_prompt_with_arguments: (_context, { arg1, arg2 }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  }),
  test_prompt_with_embedded_resource: (_context, { resourceUri = '' }) => ({
    messages: [
      user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
      user(text('Please process the embedded resource above.')),
    ],
  }),
  test_prompt_with_image: () => ({
    messages: [user(picture), user(text('Please analyze the image above.'))],
  }),
  test_input_required_result_prompt: ({ mcpReq }) =>
    inputResponse(mcpReq.inputResponses, 'user_context').kind === 'missing'
      ? inputRequired({
          inputRequests: { user_context: form('What context should the prompt use?', 'context') },
        })
      : { messages: [user(text('With your context.'))] },
};

function readResource(uri: string): object {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (uri === 'test://static-text') {
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  }
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: image };
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  return { uri, mimeType: 'application/json', text: JSON.stringify(data) };
}

/** Puts the fixtures in the place of the real lists. @param changed announces a change of the lists */
export function registerFixtures({ server }: McpServer, changed: () => void): void {
  const table = tools(changed);
  server.registerCapabilities({ logging: {}, resources: { subscribe: true } });
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(table).map((name) => ({
      name,
      description: 'A fixture of the conformance suite',
      inputSchema: name === 'json_schema_2020_12_tool' ? wholeSchema : { type: 'object' as const },
    })),
  }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = Object.hasOwn(table, params.name) ? table[params.name] : undefined;
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}`);
    return (await tool(context, params.arguments ?? {})) as never;
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.keys(prompts).map((name) => ({ name, description: 'A fixture' })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) => {
    const prompt = Object.hasOwn(prompts, params.name) ? prompts[params.name] : undefined;
    if (!prompt)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${params.name}`);
    return prompt(context, params.arguments ?? {}) as never;
  });
  server.setRequestHandler('resources/list', () => ({
    resources: [
      { uri: 'test://static-text', name: 'text' },
      { uri: 'test://static-binary', name: 'binary' },
    ],
  }));
  server.setRequestHandler('resources/read', ({ params }) => ({
    contents: [readResource(params.uri) as never],
  }));
  server.setRequestHandler('resources/subscribe', () => ({}));
  server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.setRequestHandler('completion/complete', () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));
}
