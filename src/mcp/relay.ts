/**
 * From a host's pipe to a server and back: every message that a host writes becomes one HTTP exchange with whichever
 * server answers for the project, and what comes back is written to the host.
 *
 *   line ─► message ─► POST to the target ─► answer and notifications ─► lines
 *                        └ gone? the next target gets it
 *
 * The servers keep no sessions, so a session survives the death of its server. The relay keeps three things of a
 * session: the revision agreed on, what is under way, and the stream of changes it listens to for hosts of 2025.
 */
import { errors } from '../protocol/errors.ts';
import { listenWire, type Message, readMessage, type Wire, wireOf } from './wire.ts';

/** A server that speaks the protocol over HTTP. */
export interface Target {
  /** For people. */
  readonly name: string;
  /** @throws TargetGone where it does not answer, or says that it does not serve */
  post(exchange: Exchange): Promise<Reply>;
}

export interface Exchange {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether the answer may take as long as it likes. */
  readonly lasting: boolean;
}

export interface Reply {
  readonly ok: boolean;
  /** One JSON-RPC message each; may throw `TargetGone` midway. */
  readonly messages: AsyncIterable<string>;
}

export class TargetGone extends Error {
  override readonly name = 'TargetGone';
}

export interface RelayOptions {
  /** Who answers now. @param failures of this very message so far */
  readonly target: (failures: number) => Promise<Target>;
  /** Writes one message to the host. */
  readonly write: (message: string) => void;
  /** For people: what happened beside the protocol. */
  readonly note: (text: string) => void;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface Relay {
  /** Takes one line of the host. Never throws; resolves when it is answered. */
  take(line: string): Promise<void>;
  /** Waits for answers under way, then ends what listens. */
  end(patienceMs: number): Promise<void>;
}

/** A server that starts needs a moment; another one is looked for each time. */
const MOST_FAILURES = 40;
const PAUSE_MS = 250;
/** A server that indexes its catalogue keeps a request waiting: a host that wants to know hears so this often. */
const PROGRESS_MS = 1000;
/** Before a stream that broke is opened again. */
const REOPEN_MS = 500;
const LISTEN = 'subscriptions/listen';
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** What may change, by the name under which it is asked for. */
const changeOf: Readonly<Record<string, string>> = {
  resourcesListChanged: 'notifications/resources/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
};
const changes: ReadonlySet<string> = new Set(Object.values(changeOf));

export function createRelay(options: RelayOptions): Relay {
  const underway = new Map<string, AbortController>();
  const answers = new Set<Promise<void>>();
  const session = { version: undefined as string | undefined, watching: false, ended: false };

  /** One message to one server after another until one has answered it. */
  const exchange = async (wire: Wire, signal: AbortSignal, deliver: (text: string, ok: boolean) => void) => {
    for (let failures = 0; ; failures++) {
      try {
        const target = await options.target(failures);
        if (signal.aborted) return;
        const { body, headers, method, key } = wire;
        const reply = await target.post({ body, headers, signal, lasting: method === LISTEN });
        let answered = key === undefined || method === LISTEN;
        for await (const text of reply.messages) {
          if (signal.aborted) return;
          deliver(text, reply.ok);
          answered ||= readMessage(text)?.method === undefined;
        }
        if (answered) return;
        throw new TargetGone(`${target.name} ended without an answer`);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof TargetGone) || failures >= MOST_FAILURES) throw error;
        await options.pause(PAUSE_MS);
      }
    }
  };

  /**
   * A stream of changes: opened again when its server goes, acknowledged and ended once only. What changed between two
   * servers nobody saw, so the lists count as changed then.
   */
  const listen = async (
    wire: Wire,
    signal: AbortSignal,
    deliver: (message: Message, text: string) => void,
  ) => {
    for (let opened = 0; !signal.aborted && !session.ended; opened++) {
      let refused = false;
      await exchange(wire, signal, (text, ok) => {
        const message = readMessage(text);
        if (message?.error !== undefined) {
          refused = true;
          deliver(message, wire.answer(text, ok));
        } else if (message?.method === ACKNOWLEDGED && opened > 0) {
          for (const change of changesIn(message)) deliver(change, JSON.stringify(change));
        } else if (message?.method !== undefined) deliver(message, text);
      });
      if (refused) return;
      await options.pause(REOPEN_MS);
    }
  };

  /** Hosts of 2025 are told of changes without asking: the relay asks for them. */
  const watch = (signal: AbortSignal): Promise<void> =>
    listen(listenWire(), signal, ({ method }) => {
      if (method !== undefined && changes.has(method))
        options.write(JSON.stringify({ jsonrpc: '2.0', method }));
    }).catch((error: unknown) => options.note(`changes are not followed: ${String(error)}`));

  const startWatching = (): void => {
    if (session.watching) return;
    session.watching = true;
    const controller = new AbortController();
    underway.set('watch', controller);
    void watch(controller.signal);
  };

  /** Tells the host of a request that waits for the catalogue to be indexed; gives back what ends the telling. */
  const tellProgress = ({ progressToken }: Wire): (() => void) => {
    let waiting = progressToken !== undefined;
    const tell = async (): Promise<void> => {
      for (let progress = 1; waiting; progress++) {
        await options.pause(PROGRESS_MS);
        const params = { progressToken, progress, message: 'the catalogue is being indexed' };
        if (waiting && !session.ended)
          options.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params }));
      }
    };
    void tell();
    return () => {
      waiting = false;
    };
  };

  const relayOne = async (wire: Wire): Promise<void> => {
    const controller = new AbortController();
    if (wire.key !== undefined) underway.set(wire.key, controller);
    const { signal } = controller;
    const begun = wire.method === LISTEN ? () => undefined : tellProgress(wire);
    try {
      if (wire.method === LISTEN) await listen(wire, signal, (_message, text) => options.write(text));
      else {
        await exchange(wire, signal, (text, ok) => {
          begun();
          if (wire.method === 'initialize') session.version = versionIn(text) ?? session.version;
          if (wire.key !== undefined) options.write(wire.answer(text, ok));
        });
        if (wire.method === 'notifications/initialized' && session.version !== undefined) startWatching();
      }
    } catch (error) {
      options.note(`${wire.method ?? 'a message'} was not answered: ${String(error)}`);
      if (wire.key !== undefined)
        options.write(wire.fail(errors.unavailable.code, errors.unavailable.message));
    } finally {
      begun();
      if (wire.key !== undefined) underway.delete(wire.key);
    }
  };

  const take = async (line: string): Promise<void> => {
    const wire = wireOf(line, session.version);
    if (wire.cancels !== undefined) underway.get(wire.cancels)?.abort();
    else if (!wire.silent) {
      const answered = relayOne(wire);
      if (wire.method !== LISTEN) {
        answers.add(answered);
        void answered.finally(() => answers.delete(answered));
      }
      await answered;
    }
  };

  const end = async (patienceMs: number): Promise<void> => {
    session.ended = true;
    await Promise.race([Promise.all(answers), options.pause(patienceMs)]);
    for (const controller of underway.values()) controller.abort();
  };
  return { take, end };
}

/** Every change that an acknowledgement promises to announce, as if it had happened. */
function changesIn({ params }: Message): Message[] {
  const promised = Object.keys(params?.notifications ?? {});
  const methods = promised.map((name) => changeOf[name]).filter((method) => method !== undefined);
  return methods.map((method) => ({ jsonrpc: '2.0', method, params: { _meta: params?._meta } }));
}

function versionIn(text: string): string | undefined {
  const result = readMessage(text)?.result as { protocolVersion?: unknown } | undefined;
  return typeof result?.protocolVersion === 'string' ? result.protocolVersion : undefined;
}
