/** The files in which Claude Code looks for servers. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export const scopes = ['project', 'user'] as const;
export type Scope = (typeof scopes)[number];

export function registrationFile(project: string, scope: Scope): string {
  return scope === 'user' ? join(homedir(), '.claude.json') : join(project, '.mcp.json');
}
