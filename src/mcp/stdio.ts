/**
 * The protocol over a host's pipe: lines in, lines out, until the host goes away.
 *
 * What is under way when the input ends is still answered: `printf … | callsheet mcp` works.
 */
import { createRelay, type RelayOptions } from './relay.ts';

/** Longer lines are no messages: 8 MiB. */
const LONGEST_LINE = 8 * 2 ** 20;
/** How long answers under way are waited for after the host has gone. */
const PATIENCE_MS = 10_000;

export interface StdioOptions extends RelayOptions {
  /** The host's side of the pipe. Ends when the host does. */
  readonly input: AsyncIterable<string>;
}

/** Resolves when the input has ended and what was asked is answered. */
export async function serveStdio({ input, ...options }: StdioOptions): Promise<void> {
  const relay = createRelay(options);
  let before: Promise<void> = Promise.resolve();
  for await (const line of linesOf(input, options.note)) {
    // What a session begins with comes first: the revision it settles is in the headers of all that follows.
    await before;
    const answered = relay.take(line);
    before = line.includes('"initialize"') ? answered : Promise.resolve();
  }
  await relay.end(PATIENCE_MS);
}

async function* linesOf(input: AsyncIterable<string>, note: (text: string) => void): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line.trim();
    if (rest.length > LONGEST_LINE) {
      note('a line of more than 8 MiB was left out');
      rest = '';
    }
  }
  if (rest.trim() !== '') yield rest.trim();
}
