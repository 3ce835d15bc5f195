/** The catalogue as doors list it: names and descriptions of what there is, and the files of skills. */
import type { KindName } from '../protocol/entities.ts';
import type { Entry } from './entry.ts';
import type { Indexer } from './indexer.ts';
import { listSkillFolder, readSkillFile } from './skill-folder.ts';

/** Fits the port of the MCP door (`mcp/definitions.ts`). */
export function createListing(indexer: Pick<Indexer, 'current' | 'onSwap'>) {
  const skill = (id: string): Entry | undefined => indexer.current().get(id, 'skill');
  return {
    revision: () => indexer.current().revision,
    list: (kind: KindName): readonly Entry[] => indexer.current().entries(kind),
    get: (kind: KindName, id: string): Entry | undefined => indexer.current().get(id, kind),
    skillHead: async (id: string) => {
      const entry = skill(id);
      const read = entry && indexer.current().readDefinition(entry);
      return (await read?.catch(() => undefined))?.frontmatter;
    },
    readSkillFile: async (id: string, path: string) => {
      const entry = skill(id);
      return entry && readSkillFile(entry, path);
    },
    listSkillFolder: async (id: string, path: string) => {
      const entry = skill(id);
      return entry && listSkillFolder(entry, path);
    },
    onChange: (listener: () => void) => indexer.onSwap(listener),
  };
}
