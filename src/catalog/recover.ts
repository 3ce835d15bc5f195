/**
 * Frontmatter that is not YAML, read line by line: a field starts at the margin with a name and a colon,
 * everything until the next one is its value.
 */

/** Speakers and labels of examples inside descriptions: they look like fields and are not. */
const notFields = new Set([
  'user',
  'assistant',
  'context',
  'commentary',
  'example',
  'examples',
  'human',
  'system',
  'note',
  'http',
  'https',
]);

interface Field {
  readonly name: string;
  readonly lines: string[];
}

/** Field → text, list of texts, or boolean. Never throws. */
export function recoverLines(yaml: string): Record<string, unknown> {
  const fields: Field[] = [];
  let insideExample = false;
  for (const line of yaml.split('\n')) {
    const start = insideExample ? undefined : fieldStart(line, fields.length > 0);
    if (start) fields.push(start);
    else fields.at(-1)?.lines.push(line);
    insideExample = exampleOpen(line, insideExample);
  }
  const values = new Map<string, unknown>();
  for (const { name, lines } of fields) if (!values.has(name)) values.set(name, readValue(lines));
  return Object.fromEntries(values);
}

function fieldStart(line: string, later: boolean): Field | undefined {
  const match = /^([A-Za-z_][\w-]*)\s*:(?:\s+(.*)|$)/.exec(line);
  if (!match || notFields.has(match[1].toLowerCase())) return undefined;
  // Inside running text only what looks like a field's name starts a new one.
  if (later && !/^[a-z_][\w-]*$/.test(match[1])) return undefined;
  return { name: match[1], lines: [match[2] ?? ''] };
}

function exampleOpen(line: string, before: boolean): boolean {
  const open = line.lastIndexOf('<example');
  const close = line.lastIndexOf('</example');
  return open === close ? before : open > close;
}

function readValue(lines: readonly string[]): unknown {
  const [first = '', ...rest] = lines;
  const head = first.trim();
  if (/^[|>][+-]?\d?$/.test(head)) return joinBlock(rest, head.startsWith('|') ? '\n' : ' ');
  const items = rest.map((line) => line.trim()).filter((line) => line !== '');
  if (head === '' && items.length > 0 && items.every((item) => item.startsWith('- '))) {
    return items.map((item) => unquote(item.slice(2).trim()));
  }
  const text = [head, ...rest.map((line) => line.trim())].join('\n').trim();
  return scalar(text);
}

function joinBlock(lines: readonly string[], separator: string): string {
  return lines
    .map((line) => line.trim())
    .join(separator)
    .trim();
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const list = /^\[([^[\]]*)\]$/.exec(text);
  if (list) {
    return list[1]
      .split(',')
      .map((item) => unquote(item.trim()))
      .filter((item) => item !== '');
  }
  return unquote(text);
}

function unquote(text: string): string {
  const quoted = /^"([\s\S]*)"$|^'([\s\S]*)'$/.exec(text);
  return quoted ? (quoted[1] ?? quoted[2] ?? '') : text;
}
