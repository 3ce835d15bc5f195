/**
 * Skills by the extension `io.modelcontextprotocol/skills`, straight from the index: nothing is copied, files are read
 * when asked for. `skill://{plugin}/{name}/SKILL.md`, and what lies beside it in the skill's folder.
 *
 * The extension takes skills whose names are lower-case words with hyphens; others are found by the tools alone.
 */
import type { Resource } from '@modelcontextprotocol/server';
import type { Skill, SkillReadResult, SkillSource } from '@modelcontextprotocol/server/ext/skills';
import type { Definitions, Listed } from './definitions.ts';
import { pageOf, sortedBy } from './pages.ts';
import type { Sdk } from './sdk.ts';
import { decoded, partsOf } from './uris.ts';

const PAGE = 50;
const MANIFEST = 'SKILL.md';
const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 1024;

/** @param invalidCursor what to throw for a cursor that is none of ours */
export function createSkillSource(definitions: Definitions, invalidCursor: () => Error): SkillSource {
  return {
    list: async ({ cursor }) => {
      const page = pageOf(servedSkills(definitions), cursor, rootOf, PAGE);
      if (!page) throw invalidCursor();
      const skills = await Promise.all(page.items.map((item) => entryOf(definitions, item)));
      return { ...page, skills: skills.filter((skill) => skill !== undefined) };
    },
    get: async (uri) => {
      const place = placeOf(definitions, uri);
      return place?.path === MANIFEST ? entryOf(definitions, place.skill) : undefined;
    },
    read: async (uri) => {
      const place = placeOf(definitions, uri);
      const bytes = place && (await definitions.readSkillFile(place.skill.id, place.path));
      return bytes && contentOf(bytes, place.path);
    },
    readDirectory: async (uri) => {
      const place = placeOf(definitions, uri);
      const items = place && (await definitions.listSkillFolder(place.skill.id, place.path));
      return items && { resources: items.map(({ name, kind }) => childOf(uri, name, kind)) };
    },
  };
}

/** Those whose names the extension takes, one for each place, sorted by it. */
function servedSkills(definitions: Definitions): Listed[] {
  const fitting = definitions.list('skill').filter(isServed);
  return sortedBy([...new Map(fitting.map((skill) => [rootOf(skill), skill])).values()], rootOf);
}

/** The definitions of skills as resources; what lies beside them is found in their folders. */
export function skillManifests(definitions: Definitions): Resource[] {
  return servedSkills(definitions).map((skill) => ({
    uri: `${rootOf(skill)}/${MANIFEST}`,
    name: skill.name,
    description: skill.description.slice(0, LONGEST_DESCRIPTION),
    mimeType: 'text/markdown',
  }));
}

function isServed({ name, description }: Listed): boolean {
  return name.length <= LONGEST_NAME && /^[\da-z]+(?:-[\da-z]+)*$/.test(name) && description !== '';
}

/** Names may hold a folder (`sub/name`): its slash separates here, too. */
function rootOf(skill: Listed): string {
  const { plugin, name } = partsOf(skill);
  return `skill://${[plugin, ...name.split('/')].map(encodeURIComponent).join('/')}`;
}

async function entryOf(definitions: Definitions, skill: Listed): Promise<Skill | undefined> {
  const head = await definitions.skillHead(skill.id);
  if (!head) return undefined;
  const { metadata, compatibility: _free, ...members } = head;
  const frontmatter = {
    ...members,
    ...(isTexts(metadata) && { metadata }),
    name: skill.name,
    description: skill.description.slice(0, LONGEST_DESCRIPTION),
  };
  // Files are not hashed for a list: clients look into the folder when they want them.
  return { uri: `${rootOf(skill)}/${MANIFEST}`, frontmatter, resources: 'dynamic' };
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string')
  );
}

interface PlaceInSkill {
  readonly skill: Listed;
  /** Inside the skill's folder, with `/`; empty for the folder itself. */
  readonly path: string;
}

/** The skill whose folder a URI lies in. */
function placeOf(definitions: Definitions, uri: string): PlaceInSkill | undefined {
  const segments = /^skill:\/\/([^?#]+)$/.exec(uri)?.[1]?.split('/').map(decoded) ?? [];
  if (segments.some((segment) => segment === undefined || isUnsafe(segment))) return undefined;
  const [plugin, ...rest] = segments;
  for (let length = rest.length; length > 0; length--) {
    const skill = definitions.get('skill', `${plugin}:${rest.slice(0, length).join('/')}`);
    if (skill && isServed(skill)) return { skill, path: rest.slice(length).join('/') };
  }
  return undefined;
}

function isUnsafe(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..' || /[/\\\0]/.test(segment);
}

function childOf(folder: string, name: string, kind: 'file' | 'directory'): Resource {
  const uri = `${folder.replace(/\/$/, '')}/${encodeURIComponent(name)}`;
  return { uri, name, mimeType: kind === 'directory' ? 'inode/directory' : typeOf(name) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function contentOf(bytes: Uint8Array, path: string): SkillReadResult {
  const mimeType = typeOf(path);
  try {
    return { text: utf8.decode(bytes), mimeType };
  } catch {
    return { bytes, mimeType };
  }
}

const types: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  py: 'text/x-python',
  sh: 'application/x-sh',
  js: 'text/javascript',
  ts: 'text/typescript',
  html: 'text/html',
  css: 'text/css',
  csv: 'text/csv',
  png: 'image/png',
  pdf: 'application/pdf',
};

function typeOf(path: string): string {
  const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(types, ending) ? (types[ending] ?? '') : 'application/octet-stream';
}

/** The extension, ready to be attached to every server the factory makes. */
export function createSkills(
  { SkillsExtension, ProtocolError, ProtocolErrorCode }: Sdk,
  definitions: Definitions,
) {
  const invalidCursor = () => new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor');
  return new SkillsExtension({
    source: createSkillSource(definitions, invalidCursor),
    cacheHint: { ttlMs: 60_000, cacheScope: 'private' },
    // A skill that the extension refuses is still found by the tools; the index reports problems of files.
    onWarning: () => undefined,
  });
}
