/**
 * Stems of words, so that "deploying" meets "deployment".
 *
 * English: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the author's later
 * departures (-logi, -bli). Cyrillic: endings of Russian inflection are cut, no more.
 */

const consonant = '[^aeiou]';
const vowel = '[aeiouy]';
const consonants = `${consonant}[^aeiouy]*`;
const vowels = `${vowel}[aeiou]*`;
const measured = new RegExp(`^(${consonants})?${vowels}${consonants}`);
const measuredOnce = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`);
const measuredTwice = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`);
const hasVowel = new RegExp(`^(${consonants})?${vowel}`);
const shortEnd = new RegExp(`^${consonants}${vowel}[^aeiouwxy]$`);

const doubled: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];

const reduced: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const dropped =
  /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

/** Porter stem of a lower-case ASCII word. Words of one or two letters, or with digits, are their own stem. */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  const initialY = word.startsWith('y');
  let stemmed = initialY ? `Y${word.slice(1)}` : word;
  stemmed = terminalY(pastAndProgressive(plural(stemmed)));
  stemmed = replaceSuffix(stemmed, doubled);
  stemmed = replaceSuffix(stemmed, reduced);
  stemmed = finalE(dropSuffix(stemmed));
  return initialY ? `y${stemmed.slice(1)}` : stemmed;
}

function plural(word: string): string {
  if (/(ss|i)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

function pastAndProgressive(word: string): string {
  if (word.endsWith('eed')) return measured.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const match = /^(.+?)(ed|ing)$/.exec(word);
  if (!match || !hasVowel.test(match[1])) return word;
  const base = match[1];
  if (/(at|bl|iz)$/.test(base)) return `${base}e`;
  if (/([^aeiouylsz])\1$/.test(base)) return base.slice(0, -1);
  return shortEnd.test(base) ? `${base}e` : base;
}

function terminalY(word: string): string {
  return word.endsWith('y') && hasVowel.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function replaceSuffix(word: string, suffixes: readonly (readonly [string, string])[]): string {
  let longest: readonly [string, string] | undefined;
  for (const pair of suffixes) {
    if (word.endsWith(pair[0]) && pair[0].length > (longest?.[0].length ?? 0)) longest = pair;
  }
  if (!longest) return word;
  const base = word.slice(0, -longest[0].length);
  return measured.test(base) ? base + longest[1] : word;
}

function dropSuffix(word: string): string {
  const match = dropped.exec(word);
  return match && measuredTwice.test(match[1]) ? match[1] : word;
}

function finalE(word: string): string {
  let stemmed = word;
  if (word.endsWith('e')) {
    const base = word.slice(0, -1);
    if (measuredTwice.test(base) || (measuredOnce.test(base) && !shortEnd.test(base))) stemmed = base;
  }
  return stemmed.endsWith('ll') && measuredTwice.test(stemmed) ? stemmed.slice(0, -1) : stemmed;
}

const russianEndings =
  /(иями|ями|ами|иях|ях|ах|ием|ией|ого|его|ому|ему|ыми|ими|ать|ять|ить|еть|уть|овать|ешь|ишь|ете|ите|ают|яют|уют|ает|яет|ует|ий|ый|ой|ая|яя|ое|ее|ые|ие|ую|юю|ов|ев|ей|ом|ем|ам|ям|им|ым|их|ых|ия|ию|ии|ть|ет|ит|ют|ут|ят|ат|л|ла|ло|ли|а|я|о|е|ы|и|у|ю|ь)$/;

/** A Cyrillic word without its inflection; at least three letters stay. */
export function stemCyrillic(word: string): string {
  const cut = word.replace(russianEndings, '');
  return cut.length >= 3 ? cut : word;
}
