/**
 * Who answers a host: the project's server while it runs, else an application in this process.
 *
 *   each message: the server known ─► gone? look for another ─► none: this process, until a server shows up
 */
import { request } from 'node:http';
import type { App } from '../app.ts';
import { replyOf } from '../mcp/http-reply.ts';
import { type Exchange, type Reply, type Target, TargetGone } from '../mcp/relay.ts';
import type { Target as Project } from './daemon-options.ts';
import { deliverOutcomes, type LocalApp, openLocalApp } from './local-app.ts';
import { runningServer } from './remote.ts';

/** How long an answer that is no stream may take to begin. */
const ANSWER_MS = 30_000;
/** While this process answers: how often it looks for a server. */
const LOOK_EVERY_MS = 5_000;
/** A server that starts answers after this many tries; one that fails longer is left alone. */
const MOST_TRIES = 20;

export interface McpTargets {
  /** @param failures of the message at hand; the first look is free, others ask whether the server still lives */
  current(failures: number): Promise<Target>;
  close(): Promise<void>;
}

export function createMcpTargets(project: Project): McpTargets {
  let known: Target | undefined;
  let app: Promise<LocalApp> | undefined;
  let looking: NodeJS.Timeout | undefined;
  let closed = false;

  const release = async (): Promise<void> => {
    clearInterval(looking);
    const before = app;
    app = undefined;
    await (await before?.catch(() => undefined))?.close();
  };
  /** Makes the running server the one that answers, if there is one. */
  const goRemote = async (): Promise<Target | undefined> => {
    const server = await runningServer(project.place, project.apiKey);
    if (!server) return undefined;
    if (known?.name !== server.url) known = remoteTarget(server.url, project.apiKey);
    await release();
    void deliverOutcomes(project, server);
    return known;
  };
  const goLocal = async (): Promise<Target> => {
    if (closed) throw new Error('the session is over');
    if (!app) {
      app = openLocalApp(project);
      looking = setInterval(() => void goRemote().catch(() => undefined), LOOK_EVERY_MS);
      looking.unref();
    }
    known = localTarget((await app).app, project.apiKey);
    return known;
  };
  return {
    current: async (failures) => {
      if (failures === 0 && known) return known;
      const found = failures < MOST_TRIES ? await goRemote() : undefined;
      return found ?? goLocal();
    },
    close: () => {
      closed = true;
      return release();
    },
  };
}

const LOCAL_URL = 'http://127.0.0.1/mcp';

function localTarget(app: App, apiKey: string | undefined): Target {
  return {
    name: 'this process',
    post: async ({ body, headers, signal }) => {
      const all = { ...headers, ...keyHeader(apiKey) };
      const response = await app.handle(
        new Request(LOCAL_URL, { method: 'POST', headers: all, body, signal }),
      );
      const type = response.headers.get('content-type') ?? '';
      return replyOf({ status: response.status, type, chunks: textOf(response) });
    },
  };
}

async function* textOf({ body }: Response): AsyncGenerator<string> {
  if (!body) return;
  // The web's stream of Node is iterable, which its type in lib.dom does not say.
  const chunks = body.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>;
  yield* chunks;
}

function remoteTarget(url: string, apiKey: string | undefined): Target {
  return { name: url, post: (exchange) => postTo(`${url}/mcp`, apiKey, exchange) };
}

function postTo(
  url: string,
  apiKey: string | undefined,
  { body, headers, signal, lasting }: Exchange,
): Promise<Reply> {
  const all = { ...headers, ...keyHeader(apiKey), 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: all, agent: false, signal }, (response) => {
      response.setEncoding('utf8');
      const { statusCode = 0, headers: answered } = response;
      try {
        resolve(replyOf({ status: statusCode, type: answered['content-type'] ?? '', chunks: response }));
      } catch (error) {
        response.resume();
        reject(error);
      }
    });
    if (!lasting) sent.setTimeout(ANSWER_MS, () => sent.destroy(new Error('it took too long')));
    sent.on('error', (cause) => reject(new TargetGone(`${url} does not answer`, { cause })));
    sent.end(body);
  });
}

function keyHeader(apiKey: string | undefined): Record<string, string> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}
