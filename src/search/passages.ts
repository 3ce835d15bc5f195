/** A body in passages of about the same length, for vectors that stand for its parts. */

const PASSAGE = 400;
const MOST_PASSAGES = 24;
/** A body beyond this is not read further; enough for all its passages, code blocks included. */
const MOST_TEXT = 60_000;

/** The first passages of `body`, code blocks left out. */
export function passagesOf(body: string): string[] {
  const passages: string[] = [];
  let passage = '';
  for (const line of proseLines(body.slice(0, MOST_TEXT))) {
    if (passage.length + line.length > PASSAGE && passage !== '') {
      passages.push(passage);
      if (passages.length === MOST_PASSAGES) return passages;
      passage = '';
    }
    passage = passage === '' ? line.slice(0, PASSAGE * 4) : `${passage} ${line}`;
  }
  if (passage !== '') passages.push(passage);
  return passages;
}

function* proseLines(body: string): Generator<string> {
  let fence = '';
  for (const raw of body.split('\n')) {
    const line = raw.trim();
    const marker = /^(```+|~~~+)/.exec(line)?.[1] ?? '';
    if (fence === '' && marker !== '') fence = marker;
    else if (fence !== '' && line.startsWith(fence)) fence = '';
    else if (fence === '' && line !== '') yield line;
  }
}
