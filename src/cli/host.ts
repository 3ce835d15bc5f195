/**
 * The program that started this one and talks to it through a pipe: its input, and whether it is still there.
 *
 * It is gone when its end of a pipe is closed, or when this process was handed to another parent. One that asks for the
 * end by a signal counts as gone, too.
 */
import { listenForEnd } from './signals.ts';

const LOOK_MS = 2000;

export interface Host {
  /** What it writes; ends when it is gone. */
  readonly input: AsyncIterable<string>;
  /** Resolves after so many milliseconds; never once the host is closed. */
  pause(ms: number): Promise<void>;
  /** Lets go of the pipe. */
  close(): void;
}

export function openHost(): Host {
  const { stdin, stdout, ppid } = process;
  stdin.setEncoding('utf8');
  const leave = (): void => {
    stdin.destroy();
  };
  // A pipe nobody reads makes every write fail; what asked is gone.
  stdout.on('error', leave);
  const look = setInterval(() => {
    if (process.ppid !== ppid) leave();
  }, LOOK_MS);
  look.unref();
  const ending = listenForEnd();
  void ending.asked.then(leave);
  const pauses = new Set<NodeJS.Timeout>();
  return {
    input: readUntilGone(stdin),
    pause: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          pauses.delete(timer);
          resolve();
        }, ms);
        pauses.add(timer);
      }),
    close: () => {
      clearInterval(look);
      ending.release();
      for (const timer of pauses) clearTimeout(timer);
      leave();
    },
  };
}

async function* readUntilGone(stdin: NodeJS.ReadStream): AsyncGenerator<string> {
  try {
    for await (const chunk of stdin) yield String(chunk);
  } catch {
    // Destroyed while reading: the host is gone.
  }
}
