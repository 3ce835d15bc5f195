/**
 * Puts one member into a JSON text and takes it out again, in the text's own formatting.
 *
 * An edit is a replacement at one place, so it can be undone exactly as long as the text has not changed; after that
 * the member is found again by its path.
 */
import { type JsonMember, type JsonNode, JsonTextError, lineOf, memberOf, scanJson } from './json-text.ts';

export interface TextEdit {
  readonly at: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The parent's name and the member's own: `['mcpServers', 'callsheet']`. */
export type MemberPath = readonly [string, string];

export function applyEdit(text: string, { at, removed, inserted }: TextEdit): string {
  return text.slice(0, at) + inserted + text.slice(at + removed.length);
}

export function inverse({ at, removed, inserted }: TextEdit): TextEdit {
  return { at, removed: inserted, inserted: removed };
}

/**
 * The edit that adds `value` at `path`.
 * @throws JsonTextError where the text is not JSON or has something else than an object on the way
 */
export function insertion(text: string, [parent, name]: MemberPath, value: unknown): TextEdit {
  const root = objectNode(text, scanJson(text), 'the file');
  const style = styleOf(text, root);
  const outer = memberOf(root, parent);
  if (!outer) return append(text, root, style, 0, parent, { [name]: value });
  return append(text, objectNode(text, outer.value, `"${parent}"`), style, 1, name, value);
}

/** The edit that takes the member out, and its parent with it where nothing else is left; `undefined` where it is not there. */
export function removal(text: string, [parent, name]: MemberPath): TextEdit | undefined {
  const root = scanJson(text);
  const outer = memberOf(root, parent);
  const member = outer && memberOf(outer.value, name);
  if (!outer || !member) return undefined;
  return outer.value.members?.length === 1 ? takeOut(text, root, outer) : takeOut(text, outer.value, member);
}

function objectNode(text: string, node: JsonNode, what: string): JsonNode {
  if (node.members) return node;
  throw new JsonTextError(`line ${lineOf(text, node.start)}: ${what} is not an object`);
}

interface Style {
  readonly lineEnd: string;
  /** One level; `undefined` where everything is on one line. */
  readonly indent: string | undefined;
}

function styleOf(text: string, root: JsonNode): Style {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const first = root.members?.[0];
  if (!first) return { lineEnd, indent: '  ' };
  const before = text.slice(root.start + 1, first.start);
  return { lineEnd, indent: before.includes('\n') ? before.slice(before.lastIndexOf('\n') + 1) : undefined };
}

function append(
  text: string,
  object: JsonNode,
  style: Style,
  depth: number,
  name: string,
  value: unknown,
): TextEdit {
  const member = memberText(name, value, style, depth + 1);
  const last = object.members?.at(-1);
  if (last) {
    const gap = style.indent === undefined ? ' ' : '';
    return { at: last.value.end, removed: '', inserted: `,${gap}${member}` };
  }
  const close = style.indent === undefined ? '' : style.lineEnd + style.indent.repeat(depth);
  const at = object.start + 1;
  return { at, removed: text.slice(at, object.end - 1), inserted: `${member}${close}` };
}

/** With the line end and indentation before it, where the text has lines. */
function memberText(name: string, value: unknown, { lineEnd, indent }: Style, depth: number): string {
  if (indent === undefined) return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const pretty = `${JSON.stringify(name)}: ${JSON.stringify(value, null, indent)}`;
  const start = lineEnd + indent.repeat(depth);
  return start + pretty.replaceAll('\n', start);
}

/** A last member goes with the comma before it, any other with the comma behind it. */
function takeOut(text: string, object: JsonNode, member: JsonMember): TextEdit {
  const members = object.members ?? [];
  const index = members.indexOf(member);
  const next = members[index + 1];
  const previous = members[index - 1];
  if (next) return cut(text, member.start, next.start);
  if (previous) return cut(text, previous.value.end, member.value.end);
  return cut(text, object.start + 1, object.end - 1);
}

function cut(text: string, start: number, end: number): TextEdit {
  return { at: start, removed: text.slice(start, end), inserted: '' };
}
