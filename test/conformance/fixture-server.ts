/**
 * The test-only build: the real door, guard and factory of the protocol, with the suite's fixtures registered on every
 * instance. Prints its address when it listens; ends with its input, or when it is told to.
 */
import { resolve } from 'node:path';
import { createListing } from '../../src/catalog/listing.ts';
import { createDoor } from '../../src/http/handler.ts';
import { listen } from '../../src/http/listen.ts';
import { createMcpMounts } from '../../src/mcp/http.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { openApp } from '../contract/running-app.ts';
import { registerFixtures } from './fixtures.ts';

const { app, close } = await openApp({ roots: [resolve(import.meta.dirname, '../fixtures/roster')] });
const listeners = new Set<() => void>();
const announce = (): void => {
  for (const listener of listeners) listener();
};
const listing = createListing(app.catalogue);
const mcp = createMcpMounts({
  service: app.service,
  definitions: {
    ...listing,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
  version: '0.0.0',
  log: silentLogger,
  hasApiKey: false,
  extend: (server) => registerFixtures(server, announce),
});
const door = createDoor({
  dispatch: app.dispatch,
  state: () => 'serving',
  prometheus: () => '',
  guard: { allowedHosts: [], allowedOrigins: [], rateLimit: 0, now: () => performance.now() },
  mounts: mcp.mounts,
  logger: silentLogger,
  countError: () => undefined,
});
const listening = await listen({ door, host: '127.0.0.1', port: 0, hasApiKey: false });
console.log(`listening on ${listening.url}`);

async function end(): Promise<void> {
  await mcp.close();
  await listening.close();
  await close();
  process.exit();
}
process.stdin.resume();
process.stdin.once('end', end);
process.once('SIGTERM', end);
