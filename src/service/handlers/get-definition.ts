/** The step after a search: one definition whole, or as much of it as the caller has tokens for. */
import { CallsheetError } from '../../protocol/errors.ts';
import type { Handler } from '../handler.ts';
import type { Catalogue } from '../ports.ts';
import { nearestText, quote, sentences } from '../reasoning.ts';
import { cutToTokens } from '../tokens.ts';

export function getDefinition(catalogue: Catalogue): Handler<'getDefinition'> {
  return async ({ id, name, kind, max_tokens = Number.POSITIVE_INFINITY }) => {
    const snapshot = catalogue.current();
    const reference = id ?? name ?? '';
    const { entry, also, nearest } = snapshot.resolve(reference, kind);
    if (!entry) {
      const message = sentences([
        `There is no ${kind ?? 'definition'} ${quote(reference)}`,
        nearestText(nearest),
      ]);
      throw new CallsheetError('not_found', message, { nearest });
    }
    const { frontmatter, body } = await snapshot.readDefinition(entry);
    const { text, tokens, truncated } = cutToTokens(body, max_tokens);
    return {
      id: entry.id,
      kind: entry.kind,
      name: entry.name,
      ...(entry.plugin !== undefined && { plugin: entry.plugin }),
      path: entry.path,
      frontmatter: { ...frontmatter },
      body: text,
      tokens,
      truncated,
      ...(also.length > 0 && { also: also.map((other) => other.id) }),
    };
  };
}
