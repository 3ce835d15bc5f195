/**
 * A goal as the matcher sees it: what it means, who would do it, and what sets it apart.
 *
 *   text ─► vector of meaning
 *        ─► who in the catalogue would do it
 *        ─► words ─► actions, technologies (used · left behind), concerns, phases   (lexicon/)
 *                └─► terms: stems, with synonyms under one name, weighted
 */

import { type Doers, doersOf, nobody } from './doers.ts';
import { actions, plainActions } from './lexicon/actions.ts';
import { concerns } from './lexicon/concerns.ts';
import { phases } from './lexicon/phases.ts';
import { type Found, phraseTable, type Word, wordsOf } from './lexicon/phrases.ts';
import { technologies } from './lexicon/technologies.ts';
import { things } from './lexicon/things.ts';
import type { GoalEmbedding } from './ports.ts';

export interface Term {
  /** Stem, or the name its synonyms share. */
  readonly name: string;
  /** Share in what the goal is about; 0 for what never matters. */
  readonly weight: number;
  /** Of the word as written; absent without an embedding, or where the lexicon knows the term. */
  readonly vector?: Int8Array | undefined;
}

/** The part of a goal that says where it lies among others. */
export interface Topic {
  /** Unit vector in steps of 1/127; absent without an embedding. */
  readonly vector: Int8Array | undefined;
  readonly doers: Doers;
}

export interface Goal extends Topic {
  readonly text: string;
  readonly actions: ReadonlySet<string>;
  readonly phases: ReadonlySet<string>;
  readonly concerns: ReadonlySet<string>;
  /** Technologies the work ends with, and those it leaves ("from Oracle to PostgreSQL"). */
  readonly uses: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
  readonly terms: readonly Term[];
  /** Words that carry meaning, in order. */
  readonly content: readonly Word[];
  /** Term names in order, things masked: what the string part compares. */
  readonly wording: readonly string[];
}

export interface GoalReaderOptions {
  readonly embedding?: GoalEmbedding | undefined;
  /** A text over the agents of the catalogue; empty without any. */
  readonly distribution: (text: string) => Float32Array;
  /** Names of concerns and their phrases; default: all of the lexicon. */
  readonly concerns?: Readonly<Record<string, string>> | undefined;
}

export interface GoalReader {
  /** @param topic what `topic` gave for the text before, where it is at hand */
  goal(text: string, topic?: Topic): Goal;
  topic(text: string): Topic;
}

const actionTable = phraseTable(Object.entries(actions));
const phaseTable = phraseTable(Object.entries(phases));

/** Technology → its class: rivals share one. */
export const classOf = new Map<string, string>();
const technologyTable = phraseTable(
  Object.entries(technologies).flatMap(([kind, list]) =>
    list.split(',').map((entry): [string, string] => {
      const [name = '', aliases] = entry.trim().split('=');
      classOf.set(name, kind);
      return [name, [name, ...(aliases?.split('|') ?? [])].join(',')];
    }),
  ),
);

const filler = new Set(
  (
    'a an and are as at be been by for from had has have i if in into is it its me my no not of on or our so some than that the their ' +
    'them then there these they this to too via was we were what when where which who why will with without you your should would could must ' +
    'can do does did let make get put so out up down off onto over one how after before since during between again now'
  ).split(' '),
);

let thingStems: ReadonlySet<string> | undefined;

function isThing(stem: string): boolean {
  thingStems ??= new Set([...things].flatMap((thing) => wordsOf(thing).map((word) => word.stem)));
  return thingStems.has(stem);
}

export function createGoalReader(options: GoalReaderOptions): GoalReader {
  const vectorOf = createWordVectors(options.embedding);
  const concernTable = phraseTable(Object.entries(options.concerns ?? concerns));
  const topic = (text: string): Topic => {
    const distribution = options.distribution(text);
    return {
      vector: options.embedding && quantise(options.embedding.embed(text)),
      doers: distribution.length > 0 ? doersOf(distribution) : nobody,
    };
  };
  const goal = (text: string, known = topic(text)): Goal => {
    const words = wordsOf(text);
    const technology = splitTechnologies(words);
    const concern = concernTable.find(words);
    const terms = termsOf(words, concern, technology.found, vectorOf);
    return {
      text,
      ...known,
      actions: actionsOf(words),
      phases: tagsOf(phaseTable.find(words)),
      concerns: tagsOf(concern),
      uses: technology.uses,
      leaves: technology.leaves,
      terms: terms.filter(({ weight }) => weight > 0),
      content: words.filter(({ word }) => !filler.has(word)),
      wording: terms.map(({ name, weight }) => (weight > 0 && weight < 1 ? '*' : name)),
    };
  };
  return { goal, topic };
}

const tagsOf = (found: readonly Found[]): ReadonlySet<string> => new Set(found.map(({ tag }) => tag));

/** A goal that begins with a verb says what is done there; elsewhere verbs may be nouns. Plain verbs come last. */
function actionsOf(words: readonly Word[]): ReadonlySet<string> {
  const found = actionTable.find(words);
  const leads = found.filter(({ start }) => start === 0 || joins.has(words[start - 1]?.word ?? ''));
  const telling = [leads, found].map((list) => list.filter(({ tag }) => !plainActions.has(tag)));
  const best = telling.find((list) => list.length > 0);
  return best ? tagsOf(best) : new Set(found.length > 0 ? ['create'] : []);
}

/** Words a verb follows: "and audit", "should be tested". */
const joins = new Set(['and', 'then', 'please', 'be', 'must', 'should', 'to']);

const leaving = new Set(['replac', 'leav', 'rid', 'instead', 'legacy', 'away', 'off']);
const arriving = new Set(['to', 'with', 'by', 'onto', 'into', 'in', 'us', 'toward', 'for', 'on']);
/** "From" leaves something only where a "to" follows: "delete accounts from Auth0" does not leave Auth0. */
const destination = new Set(['to', 'onto', 'into']);

function splitTechnologies(words: readonly Word[]) {
  const found = technologyTable.find(words);
  const left = found.filter((hit) => isLeft(words, hit));
  const used = found.filter((hit) => !left.includes(hit));
  return { found, uses: tagsOf(used), leaves: tagsOf(left) };
}

/** Whether the nearest preposition or verb before a name says that it is given up. */
function isLeft(words: readonly Word[], { start, length }: Found): boolean {
  for (let at = start - 1; at >= Math.max(0, start - 4); at--) {
    const stem = words[at]?.stem ?? '';
    if (arriving.has(stem)) return false;
    if (leaving.has(stem)) return true;
    if (stem === 'from') {
      return words.slice(start + length, start + length + 4).some((word) => destination.has(word.stem));
    }
  }
  return false;
}

const WEIGHTS = { concern: 2, technology: 1.5, word: 1, thing: 0.25 } as const;

function termsOf(
  words: readonly Word[],
  concern: readonly Found[],
  technology: readonly Found[],
  vectorOf: (word: string) => Int8Array | undefined,
): Term[] {
  const named = namedSpans(concern, technology);
  const terms: Term[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < words.length; ) {
    const span = named.get(at);
    const word = words[at] as Word;
    const term = span?.term ?? plainTerm(word, vectorOf);
    if (!seen.has(term.name)) terms.push(term);
    seen.add(term.name);
    at += span?.length ?? 1;
  }
  return terms;
}

function namedSpans(concern: readonly Found[], technology: readonly Found[]) {
  const spans = new Map<number, { term: Term; length: number }>();
  const add = (hit: Found, weight: number): void => {
    const other = spans.get(hit.start);
    if (other && other.length >= hit.length) return;
    spans.set(hit.start, { term: { name: `=${hit.tag}`, weight }, length: hit.length });
  };
  for (const hit of concern) add(hit, WEIGHTS.concern);
  for (const hit of technology) add(hit, WEIGHTS.technology);
  return spans;
}

function plainTerm({ word, stem }: Word, vectorOf: (word: string) => Int8Array | undefined): Term {
  if (filler.has(word)) return { name: stem, weight: 0 };
  const weight = isThing(stem) || /^\d+$/.test(word) ? WEIGHTS.thing : WEIGHTS.word;
  return { name: stem, weight, vector: vectorOf(word) };
}

/** Vectors of words, each made once. */
function createWordVectors(embedding: GoalEmbedding | undefined): (word: string) => Int8Array | undefined {
  const known = new Map<string, Int8Array>();
  return (word) => {
    if (!embedding) return undefined;
    const kept = known.get(word);
    if (kept) return kept;
    const vector = quantise(embedding.embed(word));
    if (known.size < MOST_WORDS) known.set(word, vector);
    return vector;
  };
}

const MOST_WORDS = 4000;

/** A unit vector in steps of 1/127: a quarter of the memory, cosines to within 0.01. */
export function quantise(vector: Float32Array): Int8Array {
  return Int8Array.from(vector, (value) => Math.round(value * 127));
}

/** Cosine of two quantised unit vectors. */
export function closeness(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum / (127 * 127);
}
