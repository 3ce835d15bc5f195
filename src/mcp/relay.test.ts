import { describe, expect, it } from 'vitest';
import { createRelay, type Target } from './relay.ts';

/** A relay to a server that takes until `ready` to answer, with a clock that is moved by hand. */
function relayTo(reply: string) {
  const written: { method?: string; id?: unknown; params?: object }[] = [];
  const sleepers: (() => void)[] = [];
  let ready: () => void = () => undefined;
  const indexed = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const target: Target = {
    name: 'a server',
    post: async () => {
      await indexed;
      return {
        ok: true,
        messages: (async function* () {
          yield reply;
        })(),
      };
    },
  };
  const relay = createRelay({
    target: async () => target,
    write: (line) => written.push(JSON.parse(line)),
    note: () => undefined,
    pause: () => new Promise((resolve) => sleepers.push(resolve)),
  });
  const second = async (): Promise<void> => {
    for (const wake of sleepers.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { relay, written, ready, second };
}

const request = (meta?: object) =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: { name: 'find_agents', ...(meta && { _meta: meta }) },
  });
const answer = '{"jsonrpc":"2.0","id":7,"result":{}}';

describe('a request that waits for the catalogue', () => {
  it('is told of by its token, rising, until it is answered', async () => {
    const { relay, written, ready, second } = relayTo(answer);
    const taken = relay.take(request({ progressToken: 'p' }));
    await second();
    await second();
    ready();
    await taken;
    await second();
    const told = written.filter(({ method }) => method === 'notifications/progress');
    expect(told.map(({ params }) => params)).toMatchObject([
      { progressToken: 'p', progress: 1 },
      { progressToken: 'p', progress: 2 },
    ]);
    expect(written.at(-1)).toMatchObject({ id: 7 });
  });

  it('is waited for in silence where nobody asked', async () => {
    const { relay, written, ready, second } = relayTo(answer);
    const taken = relay.take(request());
    await second();
    ready();
    await taken;
    expect(written).toEqual([{ jsonrpc: '2.0', id: 7, result: {} }]);
  });
});
