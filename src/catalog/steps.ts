/**
 * What a workflow's text does, in order, and whom it names.
 *
 *   headings such as "Phase 2: Build (parallel)", else numbered headings, else the longest numbered list
 *   each with the agents its part of the text mentions
 *
 * A mention is a guess until the catalogue is known: `reference` is kept, the snapshot's builder settles it.
 */
import type { Mention, StepDraft } from './kind.ts';
import { caps, clean, cleanLine, lineAt, plain } from './text.ts';

const MOST_STEPS = 60;
const MOST_MENTIONS = 120;
const LONGEST_BODY = 100_000;
/** Headings looked at; a plan with more of them is none. */
const MOST_PARTS = 300;

interface Part {
  readonly title: string;
  readonly level: number;
  /** Where the part's text starts and ends. */
  readonly start: number;
  end: number;
}

/** Steps in the order of the text; empty where it has none. */
export function extractSteps(markdown: string): StepDraft[] {
  const body = clean(markdown.slice(0, LONGEST_BODY));
  const parts = findParts(body);
  return parts.slice(0, MOST_STEPS).map(({ title, start, end, inherited }) => {
    const text = body.slice(start, end);
    return { title, mentions: findMentions(text), parallel: inherited || saysParallel(title, text) };
  });
}

interface StepPart extends Part {
  readonly inherited: boolean;
}

function findParts(body: string): StepPart[] {
  const lines = outline(body);
  for (const pattern of [named, numbered]) {
    const parts = leaves(lines, pattern, body.length);
    if (parts.length >= 2) return parts;
  }
  return longestList(lines, body.length);
}

interface Line {
  readonly text: string;
  readonly start: number;
}

/** The lines that are prose: code inside fences has no headings. */
function outline(body: string): Line[] {
  const lines: Line[] = [];
  let fence: string | undefined;
  let start = 0;
  for (const text of body.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else lines.push({ text, start });
    start += text.length + 1;
  }
  return lines;
}

const named =
  /^(?:(#{1,6})\s+|\*\*)[^\p{L}\p{N}]*(?:phase|step|stage|part|фаза|шаг|этап|第|フェーズ|ステップ|단계)\s*\d/iu;
const numbered = /^(#{2,6})\s+\d{1,2}[.):]?\s+\S/;

/** Parts that have no part inside them; what a part around them says of parallel work holds for them. */
function leaves(lines: readonly Line[], pattern: RegExp, end: number): StepPart[] {
  const parts: Part[] = [];
  const open: Part[] = [];
  for (const { text, start } of lines) {
    const heading = /^(#{1,6})\s+\S/.exec(text);
    const match = pattern.exec(text);
    if (!heading && !match) continue;
    const level = heading ? heading[1].length : 7;
    while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) close(open, start);
    if (parts.length >= MOST_PARTS) break;
    if (match) {
      const part = { title: titleOf(text), level, start, end };
      parts.push(part);
      open.push(part);
    }
  }
  const parents = new Set(parts.filter((part, i) => isInside(parts[i + 1], part)));
  return parts
    .filter((part) => !parents.has(part) && part.title !== '')
    .map((part) => ({
      ...part,
      inherited: parts.some((other) => isInside(part, other) && parallelTitle(other.title)),
    }));
}

function close(open: Part[], end: number): void {
  const part = open.pop();
  if (part) part.end = end;
}

function isInside(inner: Part | undefined, outer: Part): boolean {
  return (
    inner !== undefined &&
    inner !== outer &&
    inner.start > outer.start &&
    inner.start < outer.end &&
    inner.level > outer.level
  );
}

/** The longest numbered list at the margin, items in order. */
function longestList(lines: readonly Line[], end: number): StepPart[] {
  const lists: StepPart[][] = [];
  for (const { text, start } of lines) {
    const list = lists.at(-1);
    const last = list?.at(-1);
    const item = /^(\d{1,3})[.)]\s+(\S.*)/.exec(text);
    if (last && (item || /^#{1,6}\s/.test(text)) && last.end === end) last.end = start;
    if (!item) continue;
    const title = titleOf(item[2]);
    const part = { title, level: 0, start, end, inherited: false };
    if (list && Number(item[1]) === list.length + 1) list.push(part);
    else lists.push([part]);
  }
  const longest = lists.reduce<StepPart[]>((best, list) => (list.length > best.length ? list : best), []);
  return longest.length >= 2 ? longest.filter(({ title }) => title !== '') : [];
}

/** `### Step 2: **Build** (30%)` → `Build (30%)`; a list item's first sentence. */
function titleOf(line: string): string {
  const bold = /^\*\*(.+?)\*\*/.exec(line)?.[1];
  const text = plain((bold ?? line).slice(0, 1000).replace(/^#{1,6}\s+/, ''));
  const bare = text
    .replace(/^[^\p{L}\p{N}]*(?:phase|step|stage|part)\s*\d+[\d.a-z]*\s*[-–—:.)]*\s*/iu, '')
    .replace(/^\d{1,2}[.)]\s*/, '');
  const sentence = /^.{12,}?[.:;](?=\s|$)/u.exec(bare)?.[0].replace(/[.:;]$/, '');
  return cleanLine(sentence ?? (bare.replace(/:$/, '') || text), caps.title);
}

const parallelTitle = (title: string): boolean => /\bparallel\b|\bconcurrent|\bsimultaneous/i.test(title);

function saysParallel(title: string, text: string): boolean {
  return (
    parallelTitle(title) ||
    (/\b(?:in parallel|concurrently|simultaneously|at the same time|parallel (?:execution|agents|tasks))\b/i.test(
      text,
    ) &&
      !/\b(?:not|never|don't) (?:\w+ ){0,3}(?:in parallel|concurrently|simultaneously)/i.test(text))
  );
}

// One pass finds all shapes, so that the order of mention holds.
const shapes = new RegExp(
  [
    // subagent_type: "plugin:name" · subagent_type="name" · agentType: 'name'
    String.raw`(?:subagent_type|agent_?type)["'\`]*\s*[:=]\s*["'\`]?\[?(?<typed>[\w:.|/@-]+(?: [\w:.|-]+){0,4})`,
    // plugin:name
    String.raw`(?<![\w/:.@-])@?(?<qualified>[a-z0-9][\w.-]{0,60}:[a-z0-9][\w.-]{0,80})(?![\w/:-])`,
    // the code-reviewer agent · agent: code-reviewer
    String.raw`(?<![\w-])["'\`*@]{0,3}(?<agent>[A-Za-z][\w.-]{2,60})["'\`*]{0,3} (?:sub-?)?agents?\b`,
    // @agent-name, backticked and bold names
    String.raw`(?<![\w@])@(?:agent-)?(?<at>[a-z][\w-]{2,60})`,
    '`(?<code>[A-Za-z][\\w.-]{2,60})`',
    String.raw`\*\*(?<bold>[A-Za-z][\w. -]{2,60}?):?\*\*`,
    // any-hyphenated-word
    String.raw`(?<![\w./-])(?<word>[a-z0-9]+(?:-[a-z0-9]+)+)(?![\w/-])`,
  ].join('|'),
  'g',
);

/** References to agents in order of first mention, each once. `firstLine`: of the text, in its file. */
export function findMentions(markdown: string, firstLine?: number): Mention[] {
  const found = new Map<string, Mention>();
  for (const { groups = {}, index } of markdown.slice(0, LONGEST_BODY).matchAll(shapes)) {
    const typed = groups.typed?.split(/[|\s]+/).map(trimmed) ?? [];
    for (const agent of typed) {
      if (agent === '' || agent === 'or' || typeof found.get(agent) === 'object') continue;
      found.set(
        agent,
        firstLine === undefined ? { agent } : { agent, line: lineAt(markdown, index) + firstLine - 1 },
      );
    }
    const guess = groups.qualified ?? groups.agent ?? groups.at ?? groups.code ?? groups.bold ?? groups.word;
    const word = guess === undefined ? '' : trimmed(guess);
    if (word !== '' && !found.has(word)) found.set(word, word);
    if (found.size >= MOST_MENTIONS) break;
  }
  return [...found.values()];
}

/** Without the punctuation around it; `plugin::name` is meant as `plugin:name`. */
function trimmed(name: string): string {
  return name
    .trim()
    .replace(/[.,;:]+$/, '')
    .replace('::', ':');
}
