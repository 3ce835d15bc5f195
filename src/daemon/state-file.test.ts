import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Place, placeOf } from './place.ts';
import { type DaemonState, readState, removeState, writeState } from './state-file.ts';

let place: Place;
let state: DaemonState;

beforeEach(() => {
  const projectRoot = mkdtempSync(join(tmpdir(), 'callsheet-state-'));
  const directory = join(projectRoot, '.claude', 'mcp-server');
  place = placeOf({ projectRoot, stateFile: join(directory, 'state.json'), logDir: join(directory, 'logs') });
  state = {
    pid: process.pid,
    port: 4000,
    url: 'http://127.0.0.1:4000',
    instance: 'an-instance',
    version: '1.2.3',
    started: '2026-01-31T10:00:00.000Z',
    project: place.project,
    data_dir: join(directory, 'data'),
    options: [],
  };
});

afterEach(() => rmSync(place.project, { recursive: true, force: true }));

describe('the state file', () => {
  it('is read as it was written, for its owner alone, with nothing beside it', () => {
    writeState(place, state);
    expect(readState(place)).toEqual({ kind: 'present', state });
    expect(statSync(place.stateFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(place.directory).sort()).toEqual(['mcp.pid', 'state.json']);
  });

  it('goes only with the instance that it names', () => {
    writeState(place, state);
    removeState(place, 'another-one');
    expect(readState(place).kind).toBe('present');
    removeState(place, state.instance);
    expect(readState(place)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '{"pid": 1}'],
    ['nothing', ''],
  ])('is unusable with %s in it', (_name, text) => {
    mkdirSync(dirname(place.stateFile), { recursive: true });
    writeFileSync(place.stateFile, text);
    expect(readState(place).kind).toBe('unusable');
  });

  it('is not believed about another project, another machine, or with control characters', () => {
    const unusable = (change: Partial<DaemonState>): boolean => {
      writeState(place, { ...state, ...change });
      return readState(place).kind === 'unusable';
    };
    expect(unusable({ project: '/elsewhere' })).toBe(true);
    expect(unusable({ url: 'http://collector.example:4000' })).toBe(true);
    expect(unusable({ url: 'http://127.0.0.1.example:4000' })).toBe(true);
    expect(unusable({ url: 'http://203.0.113.9:4000' })).toBe(true);
    expect(unusable({ version: '1\u001b[2J' })).toBe(true);
    expect(unusable({ url: 'http://[::1]:4000' })).toBe(false);
  });
});
