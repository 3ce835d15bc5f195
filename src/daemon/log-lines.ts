/** The last lines of a log, and what is added to it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const mostBytes = 1 << 20;

/** The last `count` lines, within the last MiB; none where there is no file. */
export function lastLines(file: string, count: number): string[] {
  const { text } = readFrom(file, -mostBytes);
  const lines = text.replace(/\n$/, '').split('\n');
  return text === '' || count === 0 ? [] : lines.slice(-count);
}

/** Hands on whole lines as they are written, from the file's present end, until `signal` aborts. */
export async function followLines(
  file: string,
  take: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let at = readFrom(file, -1).end;
  let rest = '';
  while (!signal.aborted) {
    const { text, end } = readFrom(file, at);
    at = end;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
}

/** From `start` (from the end, where negative) to the end; from the beginning where the file has shrunk. */
function readFrom(file: string, start: number): { text: string; end: number } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return { text: '', end: 0 };
  }
  try {
    const { size } = fstatSync(handle);
    const from = start < 0 ? Math.max(0, size + start) : start > size ? 0 : start;
    const bytes = Buffer.alloc(Math.min(size - from, mostBytes));
    const read = readSync(handle, bytes, 0, bytes.length, from);
    return { text: bytes.toString('utf8', 0, read), end: from + read };
  } finally {
    closeSync(handle);
  }
}
