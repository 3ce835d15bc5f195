/** Ids as URIs and back: `plugin:sub/name` ↔ `agent://plugin/sub%2Fname`, and pages of lists by URI. */
import type { Listed } from './definitions.ts';

/** `scheme://plugin/name`; both parts encoded, so that a `/` inside a name is `%2F`. */
export function uriOf(scheme: string, id: string): string {
  const at = id.indexOf(':');
  return `${scheme}://${encodeURIComponent(id.slice(0, at))}/${encodeURIComponent(id.slice(at + 1))}`;
}

/** The id a URI of this scheme names; undefined where it is none. */
export function idOf(scheme: string, uri: string): string | undefined {
  const match = /^([a-z]+):\/\/([^/?#]+)\/([^/?#]+)$/.exec(uri);
  if (match?.[1] !== scheme) return undefined;
  const plugin = decoded(match[2]);
  const name = decoded(match[3]);
  return plugin === undefined || name === undefined ? undefined : `${plugin}:${name}`;
}

export function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The part before the first colon, and the rest. */
export function partsOf({ id }: Pick<Listed, 'id'>): { readonly plugin: string; readonly name: string } {
  const at = id.indexOf(':');
  return { plugin: id.slice(0, at), name: id.slice(at + 1) };
}
