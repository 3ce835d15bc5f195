/**
 * A question as the index understands it.
 *
 *   text → tokens → known terms · abbreviations spelt out · typing errors mended → weighted terms
 *
 * What was read as something else is reported, and mended words also reach the embedding.
 */
import { abbreviationsOf, speltOut } from './abbreviations.ts';
import { type Token, tokenize, tokensOfWord, wordsOf } from './analyzer.ts';
import type { InvertedIndex } from './inverted-index.ts';
import { rarity, rarityOf, type WeightedTerm } from './scorer.ts';
import type { Spelling } from './spelling.ts';

/** How much a word counts that was put in place of, or beside, the one that was asked. */
const MENDED = 0.8;
const SPELT_OUT = 0.25;

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
  /** Rarity of all that was asked, in BM25 points. */
  readonly mass: number;
  /** Share of the mass that the index knows, 0..1; 0 without words. */
  readonly known: number;
  /** Share of the words in scripts other than Latin, of those that the index knows or that are Latin, 0..1. */
  readonly foreign: number;
  /** Words as they stand in the text. */
  readonly words: number;
  /** How much the weightiest word says that no definition has, body or head; 0 where there is none. */
  readonly strangest: number;
}

export interface Reader {
  readonly index: InvertedIndex;
  readonly spelling: Spelling;
  /** Whether the embedding has this word whole: such a word is not a typing error. */
  readonly knows: (word: string) => boolean;
  /** How much a word says wherever it stands. */
  readonly weigh: (word: string) => number;
}

export function readQuery(text: string, reader: Reader): ReadQuery {
  const words = wordsOf(text).map((word) => ({ word, tokens: tokensOfWord(word) }));
  const tokens = distinct(words.flatMap((each) => each.tokens)).map((token) => ({
    token,
    found: readToken(token, reader),
  }));
  const terms = new Map<number, QueryTerm>();
  const sums = { asked: 0, known: 0, foreign: 0, counted: 0 };
  for (const { token, found } of tokens) {
    for (const term of found.terms) if (!terms.has(term.term)) terms.set(term.term, term);
    count(token, found, reader.index, sums);
  }
  const known = new Set(tokens.filter(({ found }) => found.terms.length > 0).map(({ token }) => token.term));
  const mended = tokens.map(({ found }) => found.mended).filter((word) => word !== undefined);
  return {
    terms: [...terms.values()],
    readAs: tokens.map(({ found }) => found.mended ?? found.speltOut).filter((word) => word !== undefined),
    text: mended.reduce(replaceWord, text),
    mass: sums.asked,
    known: sums.asked > 0 ? sums.known / sums.asked : 0,
    foreign: sums.counted > 0 ? sums.foreign / sums.counted : 0,
    words: words.length,
    strangest: strangest(words, known, reader),
  };
}

interface Word {
  readonly word: string;
  /** None of a stop word. */
  readonly tokens: readonly Token[];
}

function strangest(words: readonly Word[], known: ReadonlySet<string>, { weigh }: Reader): number {
  let most = 0;
  for (const { word, tokens } of words) {
    if (tokens.length > 0 && !tokens.some(({ term }) => known.has(term))) most = Math.max(most, weigh(word));
  }
  return most;
}

function distinct(tokens: readonly Token[]): Token[] {
  const seen = new Set<string>();
  return tokens.filter(({ term }) => !seen.has(term) && seen.add(term));
}

interface Sums {
  asked: number;
  known: number;
  foreign: number;
  counted: number;
}

/** Words of another script that nobody here uses are passed over: the Latin words beside them have to do. */
function count({ word }: Token, { terms }: FoundToken, index: InvertedIndex, sums: Sums): void {
  const known = terms.length > 0;
  const foreign = !/^[\0-\x7f]*$/.test(word);
  if (foreign && !known) return;
  const mass = known ? rarity(index, terms[0].term) : rarityOf(0, index.documents);
  sums.asked += mass;
  sums.counted++;
  if (foreign) sums.foreign++;
  if (known) sums.known += mass * terms[0].weight;
}

interface FoundToken {
  readonly terms: readonly QueryTerm[];
  readonly mended?: ReadAs;
  readonly speltOut?: ReadAs | undefined;
}

function readToken(token: Token, reader: Reader): FoundToken {
  const exact = lookUp(token.word, token.term, 1, reader);
  const others = otherWritings(token.word, reader);
  if (exact && others) return { terms: [exact, ...others.terms], speltOut: others.speltOut };
  if (exact) return { terms: [exact] };
  if (others) return others;
  const word = reader.knows(token.word) ? undefined : reader.spelling.mend(token.word);
  if (word === undefined) return { terms: [] };
  return { terms: termsOf(word, MENDED, reader), mended: { word: token.word, as: word } };
}

/** An abbreviation spelt out, or a word's abbreviations, as far as the index has them. */
function otherWritings(word: string, reader: Reader): FoundToken | undefined {
  for (const other of [speltOut(word), ...abbreviationsOf(word)]) {
    if (other === undefined) continue;
    const terms = termsOf(other, SPELT_OUT, reader);
    if (terms.length > 0) return { terms, speltOut: { word, as: other } };
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
