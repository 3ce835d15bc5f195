/**
 * A question as the index understands it.
 *
 *   text → tokens → known terms · abbreviations spelt out · typing errors mended → weighted terms
 *
 * What was read as something else is reported, and mended words also reach the embedding.
 */
import { abbreviationsOf, speltOut } from './abbreviations.ts';
import { analyze, type Token, tokenize } from './analyzer.ts';
import type { InvertedIndex } from './inverted-index.ts';
import { rarity, rarityOf, type WeightedTerm } from './scorer.ts';
import type { Spelling } from './spelling.ts';

/** How much a word counts that was put in place of, or beside, the one that was asked. */
const MENDED = 0.8;
const SPELT_OUT = 0.5;

export interface QueryTerm extends WeightedTerm {
  /** As it was asked or read, for the answer's reasons. */
  readonly word: string;
}

export interface ReadAs {
  readonly word: string;
  readonly as: string;
}

export interface ReadQuery {
  /** Each term once. */
  readonly terms: readonly QueryTerm[];
  readonly readAs: readonly ReadAs[];
  /** The text with its typing errors mended. */
  readonly text: string;
  /** Share of the words' rarity that the index knows, 0..1; 0 without words. */
  readonly known: number;
}

export interface Reader {
  readonly index: InvertedIndex;
  readonly spelling: Spelling;
  /** Whether the embedding has this word whole: such a word is not a typing error. */
  readonly knows: (word: string) => boolean;
}

export function readQuery(text: string, reader: Reader): ReadQuery {
  const terms = new Map<number, QueryTerm>();
  const readAs: ReadAs[] = [];
  let asked = 0;
  let known = 0;
  let mendedText = text;
  for (const token of distinct(tokenize(text))) {
    const found = readToken(token, reader);
    for (const term of found.terms) if (!terms.has(term.term)) terms.set(term.term, term);
    const weight = found.terms[0]
      ? rarity(reader.index, found.terms[0].term)
      : rarityOf(0, reader.index.documents);
    asked += weight;
    if (found.terms.length > 0) known += weight * found.terms[0].weight;
    if (found.readAs) readAs.push(found.readAs);
    if (found.mended && found.readAs) mendedText = replaceWord(mendedText, found.readAs);
  }
  return { terms: [...terms.values()], readAs, text: mendedText, known: asked > 0 ? known / asked : 0 };
}

function distinct(tokens: readonly Token[]): Token[] {
  const seen = new Set<string>();
  return tokens.filter(({ term }) => !seen.has(term) && seen.add(term));
}

interface FoundToken {
  readonly terms: readonly QueryTerm[];
  readonly readAs?: ReadAs;
  readonly mended?: boolean;
}

function readToken(token: Token, reader: Reader): FoundToken {
  const exact = lookUp(token.word, token.term, 1, reader);
  const others = otherWritings(token.word, reader);
  if (exact) return { terms: [exact, ...(others?.terms ?? [])] };
  if (others) return others;
  if (reader.knows(token.word)) return { terms: [] };
  const word = reader.spelling.mend(token.word);
  if (word === undefined) return { terms: [] };
  const terms = termsOf(word, MENDED, reader);
  return { terms, readAs: { word: token.word, as: word }, mended: true };
}

/** An abbreviation spelt out, or a word's abbreviations, as far as the index has them. */
function otherWritings(word: string, reader: Reader): FoundToken | undefined {
  for (const other of [speltOut(word), ...abbreviationsOf(word)]) {
    if (other === undefined) continue;
    const terms = termsOf(other, SPELT_OUT, reader);
    if (terms.length > 0) return { terms, readAs: { word, as: other } };
  }
  return undefined;
}

function termsOf(text: string, weight: number, reader: Reader): QueryTerm[] {
  return tokenize(text)
    .map(({ word, term }) => lookUp(word, term, weight, reader))
    .filter((term) => term !== undefined);
}

function lookUp(word: string, text: string, weight: number, { index }: Reader): QueryTerm | undefined {
  const term = index.dictionary.find(text);
  return term < 0 ? undefined : { term, weight, word };
}

function replaceWord(text: string, { word, as }: ReadAs): string {
  const at = text.toLowerCase().indexOf(word);
  return at < 0 ? text : `${text.slice(0, at)}${as}${text.slice(at + word.length)}`;
}

/** Terms of a text that the index knows, with equal weights. */
export function knownTerms(text: string, index: InvertedIndex): WeightedTerm[] {
  return [...new Set(analyze(text))]
    .map((term) => ({ term: index.dictionary.find(term), weight: 1 }))
    .filter(({ term }) => term >= 0);
}
