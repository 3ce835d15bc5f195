/**
 * A bound for the tokens of a text, without a tokenizer: rather too high than too low.
 *
 * Byte-pair tokenizers split a text into words, runs of digits, punctuation and white space before they merge, so
 * the pieces can be counted: common words are one token, rare and long ones more, a word in capitals about one for
 * every two letters, Chinese, Japanese and Korean about one a character.
 */

const pieces =
  /(?<word>[A-Z]?[a-z]+)|(?<capitals>[A-Z]+)|(?<digits>\d+)|(?<gap>\s+)|(?<marks>[!-/:-@[-`{-~]+)|(?<other>.)/gsu;

export function boundTokens(text: string): number {
  let tokens = 0;
  for (const { groups, 0: piece } of text.matchAll(pieces)) tokens += costOf(piece, groups ?? {});
  return Math.ceil(tokens);
}

function costOf(piece: string, groups: Readonly<Record<string, string | undefined>>): number {
  if (groups.word !== undefined) return 1 + Math.floor(piece.length / 9);
  if (groups.capitals !== undefined) return Math.ceil(piece.length / 2);
  if (groups.digits !== undefined) return Math.ceil(piece.length / 3);
  if (groups.gap !== undefined) return piece === ' ' ? 0 : Math.ceil(piece.length / 8);
  if (groups.marks !== undefined) return marksCost(piece);
  return otherCost(piece.codePointAt(0) ?? 0);
}

/** Rules and fences are a few tokens, short runs are common ones, long mixed ones are spelled. */
function marksCost(piece: string): number {
  if (piece.length <= 4) return Math.ceil(piece.length / 2);
  return /^(.)\1*$/s.test(piece) ? 1 + piece.length / 8 : piece.length;
}

/** Letters beyond ASCII; emoji and rare scripts are spelled in bytes. */
function otherCost(point: number): number {
  if (point < 0x20) return 1;
  if (point < 0x600) return 0.7;
  if (point >= 0x2e80 && point < 0xfb00) return 1;
  return point < 0x10000 ? 1.2 : 3;
}
