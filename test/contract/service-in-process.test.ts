import { openApp } from './running-app.ts';
import { describeService, roster } from './service.contract.ts';

describeService('in process', async () => {
  const { app, close } = await openApp({ roots: [roster], remember: false });
  return { service: app.service, close };
});
