/**
 * Holds the documentation to the code, both ways: tables written from code stand in the pages as they are, and what
 * the pages name exists. `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes the tables anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Command } from '../src/cli/command.ts';
import { commandTable } from '../src/cli/table.ts';
import { errors } from '../src/protocol/errors.ts';
import { errorResponse } from '../src/protocol/jsonrpc.ts';
import { methodNames } from '../src/protocol/methods.ts';
import { settings } from '../src/settings.ts';
import { commandsBlock, errorsBlock, methodsBlock, metricsBlock, settingsBlock } from './docs-blocks.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name))
  .concat(existsSync(join(root, 'README.md')) ? ['README.md'] : []);
const text = pages.map(read).join('\n');

const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => read(join('src', name)))
  .join('\n');

function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(commandTable).map((entry) => entry.load()));
}

/** What stands between `<!-- name -->` and `<!-- end name -->`. */
function holds(page: string, name: string, block: string): void {
  const whole = read(page);
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end ${name} -->`];
  const from = whole.indexOf(start) + start.length;
  const to = whole.indexOf(end, from);
  expect([whole.includes(start), to > 0], `${page} needs the markers of "${name}"`).toEqual([true, true]);
  if (process.env.UPDATE_DOCS) {
    writeFileSync(join(root, page), `${whole.slice(0, from)}\n${block}\n\n${whole.slice(to)}`);
  } else {
    expect(whole.slice(from, to).trim()).toBe(block);
  }
}

function named(pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([whole, group]) => group ?? whole))].sort();
}

describe('tables written from code', () => {
  it('methods', () => holds('docs/api.md', 'methods', methodsBlock()));
  it('errors', () => holds('docs/api.md', 'errors', errorsBlock()));
  it('settings', () => holds('docs/operations.md', 'settings', settingsBlock()));
  it('metrics', () => holds('docs/operations.md', 'metrics', metricsBlock()));
  it('commands', async () => holds('docs/operations.md', 'commands', commandsBlock(await loadCommands())));
});

describe('what the pages name exists', () => {
  it('environment variables', () => {
    /** Not settings of the server: of the tests, and of the plugin's hooks. */
    const others = ['CALLSHEET_CRASHES', 'CALLSHEET_PROGRAM', 'CALLSHEET_SUGGEST'];
    const known = [...Object.values(settings).flatMap(({ env }) => env), ...others];
    expect(named(/\b(?:CALLSHEET|MCP)_[A-Z_]+\b/g).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('error codes', () => {
    const codes = Object.values(errors).map(({ code }) => String(code));
    expect(named(/-32\d{3}\b/g)).toEqual([...codes].sort());
  });

  it('commands and their options', async () => {
    const commands = await loadCommands();
    const options = new Set(
      commands.flatMap((command) => [...Object.keys(command.options), 'help', 'version']),
    );
    const used = named(/`[^`\n]*?callsheet(?:\.js)? [^`\n]*`/g).join('\n');
    const flags = [...used.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag ?? '');
    expect(flags.filter((flag) => !options.has(flag))).toEqual([]);
    const verbs = named(/`(?:node bin\/)?callsheet(?:\.js)? ([a-z]+)/g);
    expect(verbs.filter((verb) => !Object.hasOwn(commandTable, verb) && verb !== 'help')).toEqual([]);
  });

  it('metrics', () => {
    const block = metricsBlock();
    const known = (name: string) =>
      [name, name.replace(/_(bucket|sum|count)$/, '')].some((it) => block.includes(`\`${it}\``));
    expect(named(/\bcallsheet_[a-z_]+\b/g).filter((name) => !known(name))).toEqual([]);
  });

  it('methods called in examples', () => {
    const called = named(/"method":\s*"([A-Za-z.]+)"/g);
    expect(called.filter((name) => !(methodNames as readonly string[]).includes(name))).toEqual([]);
  });

  it('fields of log lines', () => {
    const section =
      read('docs/operations.md').split('<!-- log fields -->')[1]?.split('<!-- end log fields -->')[0] ?? '';
    const fields = [...section.matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name ?? '');
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
  });

  it('other pages and files', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, link]) => link ?? '')
        .filter((link) => !existsSync(join(root, page, '..', link)))
        .map((link) => `${page} → ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('the error shown as an example', () => {
    expect(read('docs/api.md')).toContain(JSON.stringify(errorResponse(null, 'parse_error')));
  });
});
