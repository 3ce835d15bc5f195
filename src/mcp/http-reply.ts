/** What a server answered over HTTP, as the messages in it. */
import { type Reply, TargetGone } from './relay.ts';
import { eventData } from './sse.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  /** Throws where the connection breaks. */
  readonly chunks: AsyncIterable<string>;
}

/** @throws TargetGone for a server that starts or stops */
export function replyOf(answer: HttpAnswer): Reply {
  if (answer.status === 503) throw new TargetGone('the server does not serve now');
  const ok = answer.status >= 200 && answer.status < 300;
  const messages = answer.type.startsWith('text/event-stream')
    ? eventData(answer.chunks)
    : wholeText(answer.chunks);
  return { ok, messages: unbroken(messages) };
}

async function* wholeText(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  if (text.trim() !== '') yield text.trim().replace(/\r?\n/g, ' ');
}

/** A connection that breaks is a server that is gone. */
async function* unbroken(messages: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* messages;
  } catch (cause) {
    throw new TargetGone('the connection broke', { cause });
  }
}
