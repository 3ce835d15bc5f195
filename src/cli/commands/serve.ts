/**
 * `callsheet serve`: the server in the foreground, until it is asked to end.
 *
 *   anybody serving already? ─► listen, index ─► state file ─► "listening" on stdout ─► signal ─► stop
 */
import { type App, createApp } from '../../app.ts';
import type { Place } from '../../daemon/place.ts';
import { claimState, formerPort, keepRegistry } from '../../daemon/serving.ts';
import { newInstance } from '../../daemon/state-file.ts';
import { ListenError, type Listening } from '../../http/listen.ts';
import { readVersion } from '../../version.ts';
import { type Command, exitCodes, type Invocation, stringOption } from '../command.ts';
import { withoutOptimising } from '../compiler.ts';
import { daemonOptions, serveOptionsOf, type Target, targetOf } from '../daemon-options.ts';
import { runningServer } from '../remote.ts';
import { listenForEnd } from '../signals.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'serve in the foreground',
  usage: '[options]',
  examples: [
    'callsheet serve                                this project, on http://127.0.0.1:3700',
    'callsheet serve --port 0                       on any free port',
    'callsheet serve --root ~/agents --root ./more  these folders alone',
  ],
  options: {
    ...daemonOptions,
    'state-file': {
      type: 'string',
      value: '<file>',
      help: 'set by "start": where the server says that it serves',
    },
    instance: { type: 'string', value: '<id>', help: 'set by "start": names this launch' },
  },
  async run(invocation) {
    const launch = launchOf(invocation);
    const other = await runningServer(launch.place, launch.target.apiKey);
    if (other) {
      const who = `at ${other.url} (process ${other.pid})`;
      invocation.err.line(
        `callsheet: this project is served already, ${who}; commands go on asking that one`,
      );
      if (launch.detached) return exitCodes.ok;
    }
    const ending = listenForEnd();
    const compiler = withoutOptimising();
    const app = await createApp(launch.target.config, { instance: launch.instance });
    try {
      const listening = await Promise.race([startOn(app, launch), ending.asked]);
      if (listening) {
        const claimed = other ? nothingClaimed : claim(launch, listening, app, invocation);
        announce(app, listening, invocation);
        claimed.keepRegistry();
        compiler.started();
        await ending.asked;
        await app.stop();
        claimed.release();
      }
      return exitCodes.ok;
    } finally {
      await app.stop();
      ending.release();
    }
  },
};

interface Launch {
  readonly target: Target;
  readonly place: Place;
  readonly instance: string;
  /** Started by a launcher, which reads the port from the state file. */
  readonly detached: boolean;
}

function launchOf(invocation: Invocation): Launch {
  const target = targetOf(invocation);
  const stateFile = stringOption(invocation, 'state-file') ?? target.place.stateFile;
  const instance = stringOption(invocation, 'instance');
  return {
    target,
    place: { ...target.place, stateFile },
    instance: instance ?? newInstance(),
    detached: instance !== undefined,
  };
}

/** How many ports after the wanted one are tried before any free one is taken. */
const NEXT_PORTS = 20;

/**
 * In the foreground a taken port is an error; in the background the next free one is as good. After a crash the port
 * stays what it was.
 */
async function startOn(app: App, { target, place, instance, detached }: Launch): Promise<Listening> {
  const port = formerPort(place, instance) ?? target.config.port;
  if (!detached || port === 0) return app.start();
  for (let next = port; next <= Math.min(port + NEXT_PORTS, 65_535); next++) {
    try {
      return await app.start(next);
    } catch (error) {
      if (!(error instanceof ListenError) || error.code !== 'EADDRINUSE') throw error;
    }
  }
  return app.start(0);
}

/** What makes this server the project's. */
interface Claimed {
  /** From now on; the first writing of it takes longer than those who wait for the server should wait. */
  keepRegistry(): void;
  release(): void;
}

const nothingClaimed: Claimed = { keepRegistry: () => undefined, release: () => undefined };

function claim(
  { place, instance, target, detached }: Launch,
  { url, port }: Listening,
  app: App,
  invocation: Invocation,
): Claimed {
  const { dataDir } = target.config;
  const options = serveOptionsOf(invocation);
  const complain = (why: string): void => invocation.err.line(`callsheet: ${why}`);
  const state = { instance, port, url, version: readVersion(), dataDir, options };
  try {
    const releaseState = claimState(place, state, new Date());
    let endRegistry = (): void => undefined;
    return {
      keepRegistry: () => {
        endRegistry = keepRegistry(place, app.catalogue, complain);
      },
      release: () => {
        endRegistry();
        releaseState();
      },
    };
  } catch (error) {
    // A launcher waits for the state file; in the foreground the address on stdout is enough.
    if (detached) throw error;
    complain(
      `commands and clients will not find this server: ${error instanceof Error ? error.message : error}`,
    );
    return nothingClaimed;
  }
}

function announce(app: App, { url }: Listening, { out, err }: Invocation): void {
  out.line(`callsheet listening on ${url}`);
  const { counts, problems } = app.catalogue.current();
  const { agents, skills, workflows } = counts;
  const notice = problems.length > 0 ? `; problems: ${problems.length}, see "callsheet problems"` : '';
  err.line(`callsheet: ${agents} agents, ${skills} skills, ${workflows} workflows${notice}`);
}
