import { createClient } from '../../src/client/client.ts';
import { openApp } from './running-app.ts';
import { describeService, roster } from './service.contract.ts';

describeService('through the client', async () => {
  const { url, close } = await openApp({ roots: [roster], remember: false, listen: true });
  // What is asked twice is to be answered by the server's own cache.
  return { service: createClient({ url, fallback: false, cacheMs: 0 }), close };
});
