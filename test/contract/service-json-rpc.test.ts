import { jsonRpcService } from './json-rpc-service.ts';
import { openApp } from './running-app.ts';
import { describeService, roster } from './service.contract.ts';

describeService('over JSON-RPC', async () => {
  const { url, close } = await openApp({ roots: [roster], remember: false, listen: true });
  return { service: jsonRpcService(url), close };
});
