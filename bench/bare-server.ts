/**
 * The least a server of Node's can do: reads a request's body and answers a constant text as long as a hit.
 * `performance.ts` runs it with the server's flags, to tell how much of a hit is not ours.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const agent = {
  id: 'plugin-0:react-components-builds-0',
  name: 'react-components-builds-0',
  description: 'd'.repeat(150),
  capabilities: ['react', 'components', 'builds'],
  plugin: 'plugin-0',
  score: 0.9,
  reason: 'r'.repeat(60),
};
const answer = JSON.stringify({ jsonrpc: '2.0', result: { agents: Array(5).fill(agent) }, id: 1 });
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    Buffer.concat(chunks).toString();
    outgoing.writeHead(200, headers).end(answer);
  });
});
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
