/**
 * How many requests a second the HTTP door carries on one core: an echo dispatch behind a real socket, keep-alive
 * connections, the client in a process of its own.
 *
 * Reported twice: by the wall clock, and by the processor time the server used, which a busy machine does not blur.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createDoor } from '../src/http/handler.ts';
import { listen } from '../src/http/listen.ts';
import { silentLogger } from '../src/telemetry/logger.ts';

const REQUESTS = 40_000;
const CONNECTIONS = 16;
/** As large as three hits at detail `brief`. */
const hit = {
  id: 'plugin:name',
  name: 'name',
  description: 'd'.repeat(150),
  score: 0.9,
  reason: 'r'.repeat(60),
};
const answer = {
  agents: [hit, hit, hit],
  reasoning: 'r'.repeat(80),
  confidence: 0.9,
  cache_hit: true,
  route_id: 'x',
};

async function serve(): Promise<void> {
  const door = createDoor({
    dispatch: async () => answer,
    state: () => 'serving',
    prometheus: () => '',
    guard: { allowedHosts: [], allowedOrigins: [], rateLimit: 1_000_000, now: () => performance.now() },
    logger: silentLogger,
    countError: () => undefined,
  });
  const { port, close } = await listen({ door, host: '127.0.0.1', port: 0, hasApiKey: false });
  process.stdout.write(`${port}\n`);
  let before = process.cpuUsage();
  for await (const line of createInterface(process.stdin)) {
    if (line === 'reset') before = process.cpuUsage();
    else {
      const { user, system } = process.cpuUsage(before);
      process.stdout.write(`${user + system}\n`);
      break;
    }
  }
  await close();
  process.exit(0);
}

/** One connection: the next request when the answer to the last is whole. */
function drive(port: number, requests: number): Promise<void> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'queryAgents',
    params: { context: 'the login page is slow' },
  });
  const request = `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let left = requests;
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (head < 0 || text.length < head + 4 + length) return;
      if (!text.startsWith('HTTP/1.1 200')) reject(new Error(text.slice(0, 200)));
      text = '';
      left -= 1;
      if (left > 0) socket.write(request);
      else socket.end(resolve);
    });
  });
}

async function run(): Promise<void> {
  const server = spawn(process.execPath, [...process.execArgv, import.meta.filename, 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(server.stdout);
  const [port] = (await once(lines, 'line')) as [string];
  const load = (requests: number): Promise<unknown> =>
    Promise.all(Array.from({ length: CONNECTIONS }, () => drive(Number(port), requests / CONNECTIONS)));
  await load(REQUESTS / 4);
  server.stdin.write('reset\n');
  const start = performance.now();
  await load(REQUESTS);
  const seconds = (performance.now() - start) / 1000;
  server.stdin.write('report\n');
  const [used] = (await once(lines, 'line')) as [string];
  console.log(`requests/s by the wall clock                ${Math.round(REQUESTS / seconds)}`);
  console.log(`requests/s of one core (processor time)     ${Math.round(REQUESTS / (Number(used) / 1e6))}`);
  await once(server, 'exit');
}

await (process.argv[2] === 'serve' ? serve() : run());
