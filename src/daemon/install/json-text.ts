/**
 * JSON as text that stays as it is: every value with its place, so that one member can be put in or taken out while
 * all other bytes (formatting, order, duplicates, line ends, byte order mark) are kept.
 */

export interface JsonMember {
  readonly key: string;
  /** Where the key's opening quote is. */
  readonly start: number;
  readonly value: JsonNode;
}

export interface JsonNode {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** Of an object only. */
  readonly members?: readonly JsonMember[];
}

/** Not JSON. `message` names line and column, never the content. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

const token = {
  space: /[ \t\r\n]*/y,
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y,
};

/** @throws JsonTextError */
export function scanJson(text: string): JsonNode {
  const scanner = new Scanner(text);
  const root = scanner.value();
  scanner.space();
  if (scanner.at < text.length) throw scanner.error('something follows the end');
  return root;
}

/** The last member of that name, as JSON.parse sees it. */
export function memberOf(node: JsonNode, key: string): JsonMember | undefined {
  return node.members?.findLast((member) => member.key === key);
}

export function parsedValue(text: string, node: JsonNode): unknown {
  return JSON.parse(text.slice(node.start, node.end));
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

class Scanner {
  readonly #text: string;
  at: number;

  constructor(text: string) {
    this.#text = text;
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  value(): JsonNode {
    this.space();
    const start = this.at;
    const next = this.#text[start];
    if (next === '{') return this.#object(start);
    if (next === '[') return this.#array(start);
    if (!this.#take(token.string) && !this.#take(token.scalar)) throw this.error('a value is missing');
    return { start, end: this.at };
  }

  space(): void {
    this.#take(token.space);
  }

  error(what: string): JsonTextError {
    const before = this.#text.slice(0, this.at).split('\n');
    return new JsonTextError(
      `line ${before.length}, column ${before[before.length - 1].length + 1}: ${what}`,
    );
  }

  #object(start: number): JsonNode {
    const members: JsonMember[] = [];
    this.#list('}', () => {
      const key = this.at;
      const name = this.#take(token.string);
      if (name === undefined) throw this.error('a member name in double quotes is missing');
      this.space();
      this.#expect(':');
      members.push({ key: String(JSON.parse(name)), start: key, value: this.value() });
    });
    return { start, end: this.at, members };
  }

  #array(start: number): JsonNode {
    this.#list(']', () => this.value());
    return { start, end: this.at };
  }

  /** From the opening bracket to behind the closing one. */
  #list(close: string, item: () => void): void {
    this.at += 1;
    this.space();
    while (this.#text[this.at] !== close) {
      item();
      this.space();
      if (this.#text[this.at] === close) break;
      this.#expect(',');
      this.space();
      if (this.#text[this.at] === close) throw this.error(`"${close}" follows a comma`);
    }
    this.at += 1;
  }

  #expect(character: string): void {
    if (this.#text[this.at] !== character) throw this.error(`"${character}" is missing`);
    this.at += 1;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
