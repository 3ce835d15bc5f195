import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isAlive, readProcessList, recognised } from './processes.ts';

const flags = '--max-semi-space-size=1 --v8-pool-size=0';
const marks = '--state-file /p q/.claude/mcp-server/state.json --instance 0123-abcd';
const server = `/usr/bin/node ${flags} /opt/call sheet/bin/callsheet.js serve --root /p q ${marks}`;

describe('a process as ps lists it', () => {
  it('is recognised as a server, spaces in paths and all', () => {
    const [running] = readProcessList(`  4242 ${server}\n`);
    expect(recognised(running)).toEqual({
      pid: 4242,
      role: 'server',
      instance: '0123-abcd',
      stateFile: '/p q/.claude/mcp-server/state.json',
    });
  });

  it('is recognised as a supervisor', () => {
    const supervisor = `sh /opt/bin/supervise.sh /p/state.json /p/last-crash.json 0123-abcd ${server}`;
    expect(recognised(readProcessList(`17 ${supervisor}`)[0])?.role).toBe('supervisor');
  });

  it('is recognised as Windows writes it', () => {
    const quoted = '"C:\\Program Files\\node.exe" "C:\\call sheet\\bin\\callsheet.js" serve';
    const [running] = readProcessList(
      `17 ${quoted} --state-file "C:\\a b\\state.json" --instance 0123-abcd\r\n`,
    );
    expect(recognised(running)).toMatchObject({ role: 'server', stateFile: 'C:\\a b\\state.json' });
  });

  it.each([
    ['a command that only mentions us', '17 vim /opt/bin/callsheet.js'],
    ['another program with such an option', '17 other --state-file /p/state.json --instance x'],
    ['a start', '17 node /opt/bin/callsheet.js start --root /p'],
  ])('is a stranger: %s', (_name, line) => {
    expect(recognised(readProcessList(line)[0])).toBeUndefined();
  });

  it('is never this very process', () => {
    expect(recognised({ pid: process.pid, args: [server] })).toBeUndefined();
  });
});

describe('isAlive', () => {
  it('tells the living from the dead', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(isAlive(pid)).toBe(false);
  });
});
