/**
 * Runs a server and runs it again when it crashes: bin/supervise.sh for Windows, with the same arguments, records and
 * rules. Only Node's own modules, so that it stays small.
 *
 *   node supervise.mjs STATE_FILE CRASH_FILE INSTANCE COMMAND...
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [stateFile, crashFile, instance, command, ...args] = process.argv.slice(2);
const quickSeconds = 10;
const mostDeaths = 5;

let child;
let stopping = false;
const pause = new AbortController();

for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(name, () => {
    stopping = true;
    pause.abort();
    child?.kill('SIGTERM');
  });
}

function runOnce() {
  return new Promise((resolve) => {
    child = spawn(command, args, { stdio: 'inherit', windowsHide: true });
    if (stopping) child.kill('SIGTERM');
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function cameUp() {
  try {
    return readFileSync(stateFile, 'utf8').includes(instance);
  } catch {
    return false;
  }
}

function record(message, facts) {
  const at = new Date().toISOString();
  console.log(JSON.stringify({ timestamp: at, level: 'ERROR', message, ...facts }));
  writeFileSync(crashFile, `${JSON.stringify({ at, message, ...facts })}\n`, { mode: 0o600 });
}

let deaths = 0;
let delay = 0;
for (;;) {
  const began = Date.now();
  const { code, signal } = await runOnce();
  if (code === 0 || stopping) break;

  const lasted = Math.round((Date.now() - began) / 1000);
  if (lasted < quickSeconds) deaths += 1;
  else [deaths, delay] = [1, 0];
  const facts = { pid: child.pid ?? null, code, signal, lasted_s: lasted, quick_deaths: deaths };
  if (!cameUp() || deaths >= mostDeaths) {
    const again = 'The server crashed again and again; the supervisor gives up';
    record(cameUp() ? again : 'The server did not come up', { ...facts, gave_up: true });
    process.exitCode = 1;
    break;
  }
  record(`The server crashed; starting it again in ${delay} s`, { ...facts, gave_up: false });
  await sleep(delay * 1000, undefined, { signal: pause.signal }).catch(() => undefined);
  if (stopping) break;
  delay = delay === 0 ? 1 : delay * 2;
}
