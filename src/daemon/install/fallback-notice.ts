/** What orchestrators have while the server does not run. */
import { hasClient } from './laid-down.ts';

export function fallbackNotice(): string {
  return hasClient()
    ? 'Orchestrators are answered from the embedded registry of .claude/lib/orchestrator-mcp-client.js until it does: "callsheet doctor" says what to do.'
    : 'This build holds no client either, so nothing answers until it does: "callsheet doctor" says what to do.';
}
