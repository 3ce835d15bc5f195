/**
 * One HTTP request to a server of ours. Through node:http, which a server loads anyway: `fetch` would cost it
 * megabytes, and every command some start-up time.
 */
import { request } from 'node:http';

export interface Sending {
  readonly url: string;
  /** JSON. Absent: a GET. */
  readonly body?: string;
  readonly timeoutMs: number;
  readonly apiKey?: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Who answered: `X-Callsheet-Instance` of `/health`. */
  readonly instance: string | undefined;
}

/** More than any answer of ours; a stranger on the port may go on for ever. */
const mostBytes = 64 << 20;

/** Rejects where nothing answers in HTTP in time. */
export function send({ url, body, timeoutMs, apiKey }: Sending): Promise<Reply> {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const instance = response.headers['x-callsheet-instance'];
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) sent.destroy(new Error('it says too much'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          instance: typeof instance === 'string' ? instance : undefined,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
