/**
 * All that the index takes from a document's texts, as bytes that can be kept, so that a text is read once.
 *
 *   document → analyst → row ─► (kept) ─► readAnalysis → inverted index · spelling · trust · copies
 *
 * A row: body u8 (1 where there is one) · sketch, u16 each · length of the words u32, the words with a space between ·
 * `document-terms.ts`. The sketch is in the machine's byte order, as rows do not leave it.
 */
import { tokenize } from './analyzer.ts';
import { createTermCounter, type DocumentTerms, readTerms } from './document-terms.ts';
import { SKETCH_SLOTS, sketchOf } from './sketch.ts';

/**
 * Names what is in a row. Another analyzer, sketch or layout, another number: rows kept under the old one are not
 * read any more.
 */
export const ANALYSIS = 'analysis-1';

export interface Texts {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly plugin?: string;
}

export interface Analysis {
  readonly hasBody: boolean;
  /** Of description and body, for telling copies. */
  readonly sketch: Uint16Array;
  /** Words of name, description and capabilities in order, unstemmed. */
  readonly words: readonly string[];
  readonly terms: DocumentTerms;
}

const SKETCH_AT = 1;
const WORDS_LENGTH_AT = SKETCH_AT + SKETCH_SLOTS * 2;
const WORDS_AT = WORDS_LENGTH_AT + 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Analyses documents one after the other; what was learnt of words is remembered between them. */
export function createAnalyst(): (texts: Texts, body: string) => Uint8Array {
  const countTerms = createTermCounter();
  return (texts, body) => {
    const { name, description, capabilities, plugin = '' } = texts;
    const terms = countTerms({ name, description, capabilities, plugin, body });
    const words = encoder.encode(headWords(texts).join(' '));
    const row = new Uint8Array(WORDS_AT + words.length + terms.length);
    const view = new DataView(row.buffer);
    row[0] = body.trim() === '' ? 0 : 1;
    row.set(new Uint8Array(sketchOf(`${description}\n${body}`).buffer), SKETCH_AT);
    view.setUint32(WORDS_LENGTH_AT, words.length, true);
    row.set(words, WORDS_AT);
    row.set(terms, WORDS_AT + words.length);
    return row;
  };
}

function headWords({ name, description, capabilities }: Texts): string[] {
  return tokenize(`${name} ; ${description} ; ${capabilities.join(' ; ')}`).map(({ word }) => word);
}

export function readAnalysis(row: Uint8Array): Analysis {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const wordsEnd = WORDS_AT + view.getUint32(WORDS_LENGTH_AT, true);
  const words = decoder.decode(row.subarray(WORDS_AT, wordsEnd));
  return {
    hasBody: row[0] === 1,
    sketch: new Uint16Array(row.slice(SKETCH_AT, WORDS_LENGTH_AT).buffer),
    words: words === '' ? [] : words.split(' '),
    terms: readTerms(row.subarray(wordsEnd)),
  };
}
