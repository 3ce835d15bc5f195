/**
 * The files that `init` puts into a project, as data: where, what, and when.
 *
 * Scripts come from `templates/` of this installation, the orchestrators from its own plugin, the client from its
 * build.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../package-root.ts';

export interface LaidDown {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Run by people: gets the executable bit. */
  readonly executable?: boolean;
  /** Any of these, relative to the project, makes it superfluous. */
  readonly unless?: readonly string[];
}

const scripts = ['init.sh', 'stop.sh', 'status.sh', 'lib/callsheet.sh'];

export function laidDown(): LaidDown[] {
  return [...scripts.map(script), powershell(), stateIgnore(), registry(), ...client(), ...orchestrators()];
}

/** Whether this build holds the client for orchestrators. */
export function hasClient(): boolean {
  return existsSync(clientFile());
}

function script(name: string): LaidDown {
  const text = template(name).replace("'@CALLSHEET@'", () => shellQuoted(packageRoot()));
  return { path: `.claude/${name}`, text, executable: true };
}

function powershell(): LaidDown {
  const text = template('init.ps1').replace("'@CALLSHEET@'", () => powershellQuoted(packageRoot()));
  return { path: '.claude/init.ps1', text };
}

/** The state folder hides itself from git, so no file of the project has to be changed for it. */
function stateIgnore(): LaidDown {
  return { path: '.claude/mcp-server/.gitignore', text: '*\n' };
}

function registry(): LaidDown {
  const places = ['agent-registry.yml', 'agent-registry.yaml', '.claude/agent-registry.yaml'];
  return { path: '.claude/agent-registry.yml', text: template('agent-registry.yml'), unless: places };
}

function client(): LaidDown[] {
  if (!hasClient()) return [];
  return [
    { path: '.claude/lib/orchestrator-mcp-client.js', text: readFileSync(clientFile(), 'utf8') },
    // Whatever kind of modules the project has, this folder's are ES modules.
    { path: '.claude/lib/package.json', text: '{ "type": "module" }\n' },
  ];
}

function orchestrators(): LaidDown[] {
  const folder = join(packageRoot(), 'plugins', 'orchestration', 'agents');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({
      path: `.claude/agents/${basename(name)}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
}

function clientFile(): string {
  return join(packageRoot(), 'dist', 'client.js');
}

function template(name: string): string {
  return readFileSync(join(packageRoot(), 'templates', 'claude', name), 'utf8');
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function powershellQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
