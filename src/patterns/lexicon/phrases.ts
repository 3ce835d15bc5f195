/**
 * Finds the phrases of a lexicon in a text, whatever their inflection.
 *
 *   text → words → stems;   stems at a place → the longest phrase of the table that begins there
 *
 * Stems here lose inflection only (plural, -ed, -ing): "active" is not "activate", a "token" is not "tokenised".
 */

export interface Word {
  /** Lower case. */
  readonly word: string;
  readonly stem: string;
}

/** A phrase found: its tag, and where it stands among the words. */
export interface Found {
  readonly tag: string;
  readonly start: number;
  readonly length: number;
}

export interface PhraseTable {
  /** Phrases in order of their place; where several begin at one place, the longest. */
  find(words: readonly Word[]): Found[];
}

const symbolWords: readonly (readonly [RegExp, string])[] = [
  [/c\+\+/gi, ' cplusplus '],
  [/c#/gi, ' csharp '],
  [/(?<![\p{L}\p{N}_])\.net\b/giu, ' dotnet '],
];

/** Every word of a text, stop words too: "sign in" and "roll back" need them. */
export function wordsOf(text: string): Word[] {
  let folded = text;
  if (/[+#.]/.test(text)) for (const [pattern, word] of symbolWords) folded = folded.replace(pattern, word);
  const words =
    folded
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => ({ word, stem: uninflected(word) }));
}

/** `policies` → `policy`, `caching`, `cached`, `cache` → `cach`, `logging` → `log`. */
function uninflected(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const singular = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^su])s$/, '$1');
  const bare = singular.replace(/^(.*[aeiouy].*?)(?:ing|ed)$/, '$1');
  const single = bare === singular ? bare : bare.replace(/([bdgmnprt])\1$/, '$1');
  return single.length > 3 ? single.replace(/e$/, '') : single;
}

/** Read when something is first looked for. @param table tag → phrases parted by commas */
export function phraseTable(table: Iterable<readonly [tag: string, phrases: string]>): PhraseTable {
  let byFirst: ReturnType<typeof readTable> | undefined;
  return {
    find: (words) => {
      byFirst ??= readTable(table);
      const phrases = byFirst;
      return words.flatMap((_, at) => findAt(phrases, words, at));
    },
  };
}

function readTable(table: Iterable<readonly [tag: string, phrases: string]>) {
  const byFirst = new Map<string, { readonly stems: readonly string[]; readonly tag: string }[]>();
  for (const [tag, phrases] of table) {
    for (const phrase of phrases.split(',')) {
      const stems = wordsOf(phrase).map((word) => word.stem);
      const list = byFirst.get(stems[0] ?? '') ?? [];
      byFirst.set(stems[0] ?? '', list);
      list.push({ stems, tag });
    }
  }
  for (const list of byFirst.values()) list.sort((a, b) => b.stems.length - a.stems.length);
  return byFirst;
}

function findAt(
  byFirst: ReadonlyMap<string, readonly { readonly stems: readonly string[]; readonly tag: string }[]>,
  words: readonly Word[],
  at: number,
): Found[] {
  const hit = byFirst
    .get(words[at]?.stem ?? '')
    ?.find(({ stems }) => stems.every((part, i) => words[at + i]?.stem === part));
  return hit ? [{ tag: hit.tag, start: at, length: hit.stems.length }] : [];
}
