/**
 * Takes secrets out of what is kept: log lines and stored rows.
 *
 *   by name    the value of a member called password, token, apiKey, Authorization, …
 *   by shape   private keys, JSON Web Tokens, well-known key prefixes, credentials in URLs and headers, `password=…`
 *
 * Best effort by nature: a secret that neither its name nor its shape gives away passes. Never throws; redacting
 * twice is redacting once.
 */

const REDACTED = '[redacted]';
/** Deeper values are cut: nothing that is logged or stored nests so far. */
const MAX_DEPTH = 40;

/** Last word, or last two words, of a member's name. `tokens` is a count and no secret. */
const secretWords = new Set(
  (
    'password passwd pwd passphrase secret token authorization cookie credential credentials apikey jwt bearer ' +
    'privatekey secretkey accesskey dsn'
  ).split(' '),
);
const secretPairs = new Set(
  (
    'api key,private key,secret key,access key,signing key,encryption key,account key,auth key,connection string,' +
    'database url'
  ).split(','),
);

/** Shapes nothing but a secret has; the whole match goes. Quantifiers are bounded, so that no text is slow. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,2000})?/g,
  /\b(?:sk|pk|rk)[-_](?:live|test|ant|proj|or|svcacct)[-_][\w-]{12,300}/g,
  /\bsk-[A-Za-z0-9]{20,300}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,300}|github_pat_\w{20,300}|glpat-[\w-]{16,300})/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bxox[abeoprs]-[\w-]{10,300}/g,
  /\b(?:npm_[A-Za-z0-9]{30,100}|pypi-[\w-]{30,400}|hf_[A-Za-z0-9]{30,100}|dop_v1_[a-f0-9]{40,100})/g,
  /\bSG\.[\w-]{16,64}\.[\w-]{16,100}/g,
];

/** `scheme://user:password@host`: the password goes. */
const urlPassword = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,100}):([^\s@]{1,300})@/gi;
/** `Bearer …`, `Basic …`: the credential goes, where it looks like one (holds a digit). */
const scheme = /\b(Bearer|Basic|Digest)\s{1,4}(?=[^\s"',;]{0,300}\d)([\w.~+/=-]{8,4000})/gi;
/** `password=…`, `--token …`, `"api_key": "…"`; after a colon or a space the value must look like one. */
const names =
  'passw(?:or)?d|pwd|passphrase|secret|token|api[-_ ]?key|(?:access|secret|private|account|auth)[-_ ]?key|credentials?|authorization';
const assigned = new RegExp(`((?:${names})["']?\\s{0,4}=\\s{0,4}["']?)([^\\s"',;&]{1,2000})`, 'gi');
const labelled = new RegExp(
  `((?:${names})["']?\\s{0,4}(?::|\\s)\\s{0,4}["']?)(?=[^\\s"',;&]{0,100}\\d)([^\\s"',;&]{6,2000})`,
  'gi',
);

/** A cheap look for anything the patterns could match. */
const suspicious =
  /PRIVATE KEY|eyJ|[sr]k[-_]|pk_|gh[pousr]_|github_pat|glpat|A[KSBC][IC]A|AIza|xox|npm_|pypi-|hf_|dop_v1|SG\.|:\/\/|bearer|basic|digest|passw|pwd|passphrase|secret|token|key|credential|authorization/i;

/** Taking one secret out can lay another bare; a text that is still changing after so many rounds is hostile. */
const MAX_ROUNDS = 20;

/** Whether there may be a secret in a text; where there is none, there is none in any piece of it. */
export function isSuspicious(text: string): boolean {
  return suspicious.test(text);
}

/** The text with what looks like a secret replaced by `[redacted]`. */
export function redactText(text: string): string {
  if (!isSuspicious(text)) return text;
  let clean = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = redactOnce(clean);
    if (next === clean) break;
    clean = next;
  }
  return clean;
}

function redactOnce(text: string): string {
  return shapes
    .reduce((clean, shape) => clean.replace(shape, REDACTED), text)
    .replace(urlPassword, `$1:${REDACTED}@`)
    .replace(scheme, `$1 ${REDACTED}`)
    .replace(assigned, `$1${REDACTED}`)
    .replace(labelled, `$1${REDACTED}`);
}

/**
 * A copy fit for `JSON.stringify` without its secrets: errors become plain objects with their stack, dates ISO
 * texts, cycles and what cannot be read a word in brackets. The argument is left as it is.
 */
export function redact(value: unknown): unknown {
  return copy(value, []);
}

function copy(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (above.includes(value)) return '[circular]';
  if (above.length >= MAX_DEPTH) return '[too deep]';
  try {
    return copyObject(value, [...above, value]);
  } catch {
    return '[unreadable]';
  }
}

function copyObject(value: object, above: readonly object[]): unknown {
  if (ArrayBuffer.isView(value)) return '[binary]';
  if (Array.isArray(value)) return value.map((item) => copy(item, above));
  if (value instanceof Error) return copyMembers({ ...errorMembers(value), ...value }, above);
  if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), above);
  return copyMembers(value, above);
}

function errorMembers(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

/** The same of one member's value, where members are written one by one. */
export function redactMember(name: string, value: unknown): unknown {
  return isSecretName(name) && hidesSomething(value) ? REDACTED : redact(value);
}

/** `Object.fromEntries` defines members, so a member called `__proto__` stays one. */
function copyMembers(value: object, above: readonly object[]): unknown {
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isSecretName(name) && hidesSomething(member) ? REDACTED : copy(member, above),
  ]);
  return Object.fromEntries(members);
}

/** Whether there is anything to hide: null, true and an empty text tell nobody a secret. */
function hidesSomething(member: unknown): boolean {
  return member !== null && member !== undefined && member !== '' && typeof member !== 'boolean';
}

/** Logs name the same few members over and over; names beyond these are looked at each time. */
const knownNames = new Map<string, boolean>();
const MAX_KNOWN_NAMES = 500;

/** Whether a member of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const words = name
    .slice(-100)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const secret = secretWords.has(words.at(-1) ?? '') || secretPairs.has(words.slice(-2).join(' '));
  if (name.length <= 100 && knownNames.size < MAX_KNOWN_NAMES) knownNames.set(name, secret);
  return secret;
}
