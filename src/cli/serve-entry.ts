/**
 * `callsheet serve` alone: `dist/serve.cjs`. The server is a file of its own, and no module of ES, so that it starts
 * from kept bytecode (bin/server.js).
 */
import { serve } from './commands/serve.ts';
import { runProcess } from './process.ts';

export async function run(): Promise<void> {
  await runProcess({ serve: { summary: serve.summary, load: async () => serve } });
}
