/**
 * Capability tags, and which documents carry them.
 *
 *   asked → the same tag → near tags (edit distance, plural, a word of the tag)
 */
import { analyze } from './analyzer.ts';
import { distance } from './edit-distance.ts';
import {
  createDictionary,
  type DictionaryArrays,
  readDictionary,
  type TermDictionary,
} from './term-dictionary.ts';

/** Shorter tags are only met exactly: `ux` is not `ui`. */
const SHORTEST_FUZZY = 4;
/** Longer tags are cut; nobody asks for them whole. */
const LONGEST_TAG = 100;

export interface TagMatch {
  readonly tag: string;
  readonly match: 'exact' | 'fuzzy';
  /** 1 where exact, less the farther. */
  readonly strength: number;
}

export interface Tags {
  /** The best match of each document that has one. */
  match(asked: string): ReadonlyMap<number, TagMatch>;
  /** What `readTags` makes the same of. */
  readonly arrays: TagsArrays;
}

/** The tags; the documents that carry tag t are `holders` from `first[t]` to `first[t + 1]`. */
export type TagsArrays = DictionaryArrays & { readonly first: Uint32Array; readonly holders: Uint32Array };

export interface TagsBuilder {
  /** @param tags of the next document. */
  add(tags: readonly string[]): void;
  build(): Tags;
}

export function createTags(): TagsBuilder {
  const dictionary = createDictionary();
  const pairs: { tag: number; document: number }[] = [];
  let documents = 0;
  return {
    add: (tags) => {
      for (const tag of new Set(tags.map(normalise))) {
        if (tag !== '') pairs.push({ tag: dictionary.add(tag), document: documents });
      }
      documents++;
    },
    build: () => {
      pairs.sort((a, b) => a.tag - b.tag || a.document - b.document);
      const first = new Uint32Array(dictionary.size + 1);
      for (const { tag } of pairs) first[tag + 1]++;
      for (let tag = 0; tag < dictionary.size; tag++) first[tag + 1] += first[tag];
      const holders = Uint32Array.from(pairs, ({ document }) => document);
      return readTags({ ...dictionary.freeze().arrays(), first, holders });
    },
  };
}

export function readTags(arrays: TagsArrays): Tags {
  const dictionary = readDictionary(arrays);
  return {
    match: (asked) => matchTags(normalise(asked), dictionary, arrays.first, arrays.holders),
    arrays,
  };
}

/** `Code Review`, `code_review` and `code-review` are one tag. */
function normalise(tag: string): string {
  return tag
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .slice(0, LONGEST_TAG)
    .replace(/[\s_-]+/g, '-');
}

function matchTags(
  asked: string,
  tags: TermDictionary,
  starts: Uint32Array,
  holders: Uint32Array,
): Map<number, TagMatch> {
  const found = new Map<number, TagMatch>();
  const terms = analyze(asked).join(' ');
  for (let id = 0; id < tags.size; id++) {
    const tag = tags.term(id);
    const strength = closeness(asked, terms, tag);
    if (strength === 0) continue;
    const match: TagMatch = { tag, match: strength === 1 ? 'exact' : 'fuzzy', strength };
    for (let i = starts[id]; i < starts[id + 1]; i++) {
      const before = found.get(holders[i]);
      if (!before || before.strength < strength) found.set(holders[i], match);
    }
  }
  return found;
}

/** 1 for the same tag, 0 for one that is not near. */
function closeness(asked: string, terms: string, tag: string): number {
  if (asked === tag) return 1;
  if (asked.length < SHORTEST_FUZZY || tag.length < SHORTEST_FUZZY) return 0;
  const longer = Math.max(asked.length, tag.length);
  const allowed = longer >= 8 ? 2 : 1;
  if (Math.abs(asked.length - tag.length) <= allowed) {
    const errors = distance(asked, tag, allowed);
    if (errors <= allowed) return 1 - errors / longer;
  }
  return asked[0] === tag[0] && terms !== '' && analyze(tag).join(' ') === terms ? 0.9 : 0;
}
