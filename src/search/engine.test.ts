import { describe, expect, it } from 'vitest';
import { buildSearchIndex, type SearchDocument } from './engine.ts';

let precedence = 0;
function doc(id: string, description: string, more: Partial<SearchDocument> = {}): SearchDocument {
  const [plugin, name] = id.split(':');
  const base = { id, name, plugin, description, capabilities: [], body: '', contentHash: id };
  return { ...base, precedence: precedence++, ...more };
}

const team = [
  doc('web:react-specialist', 'Builds React components with hooks.', { capabilities: ['react', 'hooks'] }),
  doc('data:postgres-tuner', 'Speeds up slow PostgreSQL queries.', { capabilities: ['postgresql', 'sql'] }),
  doc('ops:kubernetes-operator', 'Deploys services to Kubernetes clusters.', {
    capabilities: ['kubernetes'],
  }),
  doc('sys:linux-admin', 'Administers linUX servers.', { capabilities: ['linux'] }),
];

describe('the engine without an embedding', () => {
  it.each([
    ['hooks for my component', 'web:react-specialist'],
    ['slow query', 'data:postgres-tuner'],
    ['deploy to k8s', 'ops:kubernetes-operator'],
    ['kuberntes cluster', 'ops:kubernetes-operator'],
  ])('finds who does "%s"', async (text, id) => {
    const index = await buildSearchIndex(team);
    expect(index.semantic).toBe(false);
    expect(index.search({ text, limit: 3 }).hits[0].id).toBe(id);
  });
});
