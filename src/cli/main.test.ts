import { describe, expect, it } from 'vitest';
import { commandHelp } from './help.ts';
import { main } from './main.ts';
import { commandTable } from './table.ts';

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main({
    argv,
    cwd: '/',
    out: { terminal: false, line: (text) => out.push(text) },
    err: { terminal: false, line: (text) => err.push(text) },
    table: commandTable,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('the command line', () => {
  it('shows every command in its overview, examples first', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const name of Object.keys(commandTable)) expect(out).toContain(`  ${name} `);
    expect(out.indexOf('Examples:')).toBeLessThan(out.indexOf('Usage:'));
  });

  it('names the nearest command and exits with 2', async () => {
    const { code, out, err } = await run('serv');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('did you mean "serve"?');
  });

  it('names the nearest option and exits with 2', async () => {
    const { code, err } = await run('serve', '--prot', '1');
    expect(code).toBe(2);
    expect(err).toContain('did you mean --port?');
  });

  it('refuses arguments a command does not take', async () => {
    expect((await run('serve', 'now')).code).toBe(2);
  });

  it('prints its version', async () => {
    const { out } = await run('--version');
    expect(out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each(Object.keys(commandTable))('%s has help with examples', async (name) => {
    const command = await commandTable[name].load();
    expect(command.name).toBe(name);
    expect(command.examples.length).toBeGreaterThan(0);
    const { code, out } = await run(name, '--help');
    expect(code).toBe(0);
    expect(out).toBe(commandHelp(command));
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
  });
});
