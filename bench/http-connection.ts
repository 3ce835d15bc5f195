/**
 * One keep-alive connection that asks JSON-RPC questions one after the other, with as little work of its own as
 * possible, so that what is measured is the server.
 */
import { connect, type Socket } from 'node:net';

export interface Connection {
  /** Resolves to the answer's body. */
  call(method: string, params: object): Promise<string>;
  close(): void;
}

export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return connectionOver(socket, port);
}

function connectionOver(socket: Socket, port: number): Connection {
  let buffered: Buffer = Buffer.alloc(0);
  let waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    const body = takeBody();
    if (body === undefined) return;
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(body);
  });
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  socket.on('error', (error) => waiting?.reject(error));
  const takeBody = (): string | undefined => {
    const end = buffered.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const length = Number(/content-length: (\d+)/i.exec(buffered.toString('latin1', 0, end))?.[1] ?? 0);
    if (buffered.length < end + 4 + length) return undefined;
    const body = buffered.toString('utf8', end + 4, end + 4 + length);
    buffered = buffered.subarray(end + 4 + length);
    return body;
  };
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the server closed the connection, which was idle'));
        waiting = { resolve, reject };
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
        const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
        socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    close: () => socket.destroy(),
  };
}
