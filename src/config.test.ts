import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UsageError } from './cli/command.ts';
import { type ConfigSources, readConfig } from './config.ts';
import { ConfigError, settings } from './settings.ts';

const home = '/home/ann';
const project = '/home/ann/shop';
const userFile = '/home/ann/.claude/callsheet.json';
const projectFile = '/home/ann/shop/.claude/callsheet.json';

/** A world of folders and files that is not this machine's. */
function world(over: Partial<ConfigSources> & { files?: Record<string, unknown>; folders?: string[] } = {}) {
  const { files = {}, folders = [`${project}/.git`, `${home}/.claude`], ...sources } = over;
  return readConfig({
    cwd: project,
    home,
    env: {},
    packageRoot: '/opt/callsheet',
    exists: (path) => folders.includes(path),
    readFile: (path) => {
      const content = files[path];
      return content === undefined || typeof content === 'string' ? content : JSON.stringify(content);
    },
    ...sources,
  });
}

describe('defaults', () => {
  it('serve this project, the user and the starter catalogue on loopback', () => {
    const config = world();
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3700,
      log_level: 'info',
      cache_ttl: undefined,
      auto_restart: true,
      allowed_hosts: ['127.0.0.1'],
      allowed_origins: [],
      api_key: undefined,
      rate_limit: 1000,
      learning: true,
      projectRoot: project,
      dataDir: '/home/ann/shop/.claude/mcp-server/data',
      logDir: '/home/ann/shop/.claude/mcp-server/logs',
      stateFile: '/home/ann/shop/.claude/mcp-server/state.json',
      modelDir: '/opt/callsheet/model',
    });
    expect(config.roots).toEqual([
      { path: project, scope: 'project' },
      { path: '/home/ann/.claude', scope: 'user' },
      { path: '/opt/callsheet', scope: 'builtin' },
    ]);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(world())).toBe(true);
  });

  it('find the shipped model and catalogue from the source as it lies', () => {
    const { modelDir } = readConfig({ cwd: '/', env: {}, home: '/nowhere' });
    expect(modelDir).toBe(join(import.meta.dirname, '..', 'model'));
  });
});

describe('precedence', () => {
  const files = { [projectFile]: { port: 3 }, [userFile]: { port: 2 } };
  const both = { CALLSHEET_PORT: '5', MCP_PORT: '4' };

  it('goes from flags over the environment and files to defaults', () => {
    expect(world({ files, env: both, flags: { port: 6 } }).port).toBe(6);
    expect(world({ files, env: both }).port).toBe(5);
    expect(world({ files, env: { MCP_PORT: '4' } }).port).toBe(4);
    expect(world({ files }).port).toBe(3);
    expect(world({ files: { [userFile]: { port: 2 } } }).port).toBe(2);
  });

  it('passes over variables that are empty', () => {
    expect(world({ env: { CALLSHEET_PORT: ' ', MCP_PORT: '4' } }).port).toBe(4);
  });
});

describe('project root', () => {
  it('is the nearest folder above with .git or .claude', () => {
    const folders = [`${project}/.git`, `${project}/web/.claude`];
    expect(world({ cwd: `${project}/web/src`, folders }).projectRoot).toBe(`${project}/web`);
    expect(world({ cwd: `${project}/api/src`, folders }).projectRoot).toBe(project);
  });

  it('is not the home directory for its .claude alone', () => {
    expect(world({ cwd: '/home/ann/notes' }).projectRoot).toBe('/home/ann/notes');
  });

  it('is the first --root, and then only roots given are indexed', () => {
    const config = world({ flags: { root: ['../a', '/b', '/home/ann/a'] } });
    expect(config.projectRoot).toBe('/home/ann/a');
    expect(config.roots).toEqual([
      { path: '/home/ann/a', scope: 'project' },
      { path: '/b', scope: 'project' },
    ]);
  });

  it('indexes the starter catalogue once when served from its own checkout', () => {
    const { roots } = world({ cwd: '/opt/callsheet', folders: ['/opt/callsheet/.git'] });
    expect(roots.map(({ path }) => path)).toEqual(['/opt/callsheet', '/home/ann/.claude']);
  });
});

describe('data directory', () => {
  it('takes logs and state along when it is moved', () => {
    const config = world({ flags: { 'data-dir': 'elsewhere' } });
    expect(config.dataDir).toBe(`${project}/elsewhere`);
    expect(config.logDir).toBe(`${project}/elsewhere/logs`);
    expect(config.stateFile).toBe(`${project}/elsewhere/state.json`);
  });

  it('counts as not moved when it is named where it is', () => {
    const config = world({ env: { MCP_DATA_DIR: './.claude/mcp-server/data' } });
    expect(config.logDir).toBe(`${project}/.claude/mcp-server/logs`);
  });
});

describe('values', () => {
  it('are read from text', () => {
    const config = world({
      env: {
        MCP_LOG_LEVEL: 'WARN',
        MCP_CACHE_TTL: '0',
        MCP_AUTO_RESTART: 'false',
        CALLSHEET_LEARNING: 'off',
        CALLSHEET_RATE_LIMIT: '0',
        CALLSHEET_ALLOWED_HOSTS: 'Sheet.example, [FE80::1]',
        CALLSHEET_ALLOWED_ORIGINS: 'https://a.example,http://b.example:8080',
        CALLSHEET_MODEL_DIR: 'm',
      },
    });
    expect(config).toMatchObject({
      log_level: 'warn',
      cache_ttl: 0,
      auto_restart: false,
      learning: false,
      rate_limit: 0,
      allowed_hosts: ['sheet.example', '[fe80::1]', '127.0.0.1'],
      allowed_origins: ['https://a.example', 'http://b.example:8080'],
      modelDir: `${project}/m`,
    });
  });

  it('of the host make it a name callers may use, unless it stands for all addresses', () => {
    expect(world({ flags: { host: 'Sheet.example' } }).allowed_hosts).toEqual(['sheet.example']);
    expect(world({ flags: { host: 'fe80::1' } }).allowed_hosts).toEqual(['[fe80::1]']);
    expect(world({ flags: { host: '0.0.0.0' } }).allowed_hosts).toEqual([]);
    expect(world({ flags: { host: '::' } }).allowed_hosts).toEqual([]);
  });

  it.each([
    ['MCP_PORT', '65536', 'MCP_PORT must be a whole number from 0 to 65535, not "65536"'],
    ['CALLSHEET_PORT', '3.5', 'CALLSHEET_PORT must be a whole number'],
    ['MCP_PORT', 'http', 'MCP_PORT must be'],
    ['MCP_LOG_LEVEL', 'loud', 'MCP_LOG_LEVEL must be debug, info, warn or error, not "loud"'],
    ['MCP_CACHE_TTL', '-1', 'MCP_CACHE_TTL must be'],
    ['MCP_AUTO_RESTART', 'maybe', 'MCP_AUTO_RESTART must be true or false'],
    ['CALLSHEET_RATE_LIMIT', 'lots', 'CALLSHEET_RATE_LIMIT must be'],
    ['CALLSHEET_ALLOWED_HOSTS', 'http://x', 'CALLSHEET_ALLOWED_HOSTS must be'],
    ['CALLSHEET_ALLOWED_ORIGINS', 'x.example', 'CALLSHEET_ALLOWED_ORIGINS must be'],
    ['CALLSHEET_HOST', 'a b', 'CALLSHEET_HOST must be'],
  ])('that are wrong are named with their source: %s=%s', (name, value, message) => {
    expect(() => world({ env: { [name]: value } })).toThrow(message);
    expect(() => world({ env: { [name]: value } })).toThrow(ConfigError);
  });

  it('of a flag that is wrong are a usage error', () => {
    expect(() => world({ flags: { port: 'x' } })).toThrow(UsageError);
    expect(() => world({ flags: { port: 'x' } })).toThrow('--port must be');
  });
});

describe('the secret', () => {
  const secret = 'k3y-that-nobody-sees';

  it('shows itself only when asked', () => {
    const config = world({ env: { CALLSHEET_API_KEY: secret } });
    expect(config.api_key?.reveal()).toBe(secret);
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), String(config.api_key)]) {
      expect(shown).not.toContain(secret);
    }
  });

  it('is in no error message, neither when it is wrong nor when its file is', () => {
    const messages = [
      () => world({ env: { CALLSHEET_API_KEY: `${secret} with spaces` } }),
      () => world({ files: { [userFile]: `{"api_key": "${secret}" oops` } }),
      () => world({ files: { [projectFile]: { api_key: secret } } }),
    ].map((read) => {
      try {
        read();
        return 'nothing was thrown';
      } catch (error) {
        return inspect(error);
      }
    });
    for (const message of messages) {
      expect(message).not.toContain(secret);
      expect(message).not.toContain('nothing was thrown');
    }
  });
});

describe('files', () => {
  it('name the nearest setting for one that does not exist', () => {
    expect(() => world({ files: { [projectFile]: { prot: 1 } } })).toThrow(
      `${projectFile}: there is no setting "prot"; did you mean "port"?`,
    );
    expect(() => world({ files: { [userFile]: { __proto__x: 1 } } })).toThrow(ConfigError);
  });

  it('name themselves when they are wrong', () => {
    expect(() => world({ files: { [userFile]: '{' } })).toThrow(`${userFile} is not valid JSON`);
    expect(() => world({ files: { [userFile]: '[]' } })).toThrow('must hold a JSON object');
    expect(() => world({ files: { [userFile]: { port: -1 } } })).toThrow(`"port" in ${userFile} must be`);
    const readFile = () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(() => world({ readFile })).toThrow(`${projectFile} cannot be read`);
  });

  it('may start with a byte order mark', () => {
    expect(world({ files: { [userFile]: '\uFEFF{"port": 8}' } }).port).toBe(8);
  });

  it('of a project decide nothing about who may connect, nor reach outside of it', () => {
    for (const [name, { project: may }] of Object.entries(settings)) {
      if (may !== 'nothing') continue;
      expect(() => world({ files: { [projectFile]: { [name]: 'x' } } })).toThrow(
        'is not taken from a project file',
      );
    }
    expect(() => world({ files: { [projectFile]: { data_dir: '../other' } } })).toThrow('inside the project');
    expect(world({ files: { [projectFile]: { data_dir: 'state' } } }).dataDir).toBe(`${project}/state`);
  });

  it('take real lists and booleans', () => {
    const config = world({ files: { [userFile]: { allowed_hosts: ['a.example'], learning: false } } });
    expect(config.allowed_hosts).toContain('a.example');
    expect(config.learning).toBe(false);
  });

  it('are one file when the home directory is the project, and it is the user’s', () => {
    const files = { [userFile]: { rate_limit: 7 } };
    expect(world({ cwd: home, files }).rate_limit).toBe(7);
  });
});
