/** What a model pays: definitions, instructions and answers, counted with a real tokenizer. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { callTool } from '../../src/mcp/call-tool.ts';
import { instructions } from '../../src/mcp/instructions.ts';
import { briefHits } from '../../src/mcp/projection.ts';
import { boundTokens } from '../../src/mcp/token-bound.ts';
import { buildTools } from '../../src/mcp/tools.ts';
import type { Service } from '../../src/protocol/service.ts';
import { openApp } from '../contract/running-app.ts';

const count = (text: string): number => encode(text, { disallowedSpecial: new Set<string>() }).length;
const corpora = resolve(import.meta.dirname, '../../../shared/corpora');

describe('what every session pays', () => {
  const tools = buildTools();
  const [findAgents] = tools;

  it('is at most 1,200 tokens for all definitions', () => {
    expect(count(JSON.stringify(tools))).toBeLessThanOrEqual(1200);
  });

  it('is at most 450 tokens for what is always loaded', () => {
    expect(findAgents?.name).toBe('find_agents');
    expect(count(JSON.stringify(findAgents)) + count(instructions)).toBeLessThanOrEqual(450);
    expect(Buffer.byteLength(instructions)).toBeLessThanOrEqual(2048);
  });

  it('says of every tool when to use it, and gives schemas plain object roots', () => {
    for (const { description, inputSchema, outputSchema } of tools) {
      expect(description).toMatch(/\bUse (?:before|after|once|for)\b/);
      for (const schema of [inputSchema, outputSchema]) {
        expect(schema.type).toBe('object');
        expect(
          Object.keys(schema).filter((key) => !['type', 'properties', 'required'].includes(key)),
        ).toEqual([]);
      }
    }
  });
});

const hit = (i: number, description: string) => ({
  id: `some-plugin-${i}:some-agent-with-a-name`,
  description,
});
const texts: Readonly<Record<string, string>> = {
  prose:
    'Designs interfaces that other programs depend on, with versions, error formats, pagination, and documentation for everyone involved here.',
  chinese:
    '设计其他程序所依赖的接口，包括版本控制、错误格式、分页以及为所有相关人员提供的完整文档和示例代码，并负责审查每一个变更请求。'.repeat(
      3,
    ),
  hex: 'a3f9c2e17b4d8056'.repeat(20),
  emoji: '🚀🔥✨🎉'.repeat(60),
  marks: '{}[]<>"\\|~`^%$#@!'.repeat(12),
};

describe('answers', () => {
  it.each(Object.entries(texts))('of three and five hits fit their budget: %s', (_name, text) => {
    for (const [hits, most] of [
      [3, 120],
      [5, 200],
    ] as const) {
      const agents = Array.from({ length: hits }, (_, i) => hit(i, text));
      const answer = briefHits(
        { agents, confidence: 0.954, route_id: '0jcndwvlqfu', reasoning: '' },
        'agents',
      );
      expect(count(JSON.stringify(answer))).toBeLessThanOrEqual(most);
    }
  });

  it.each(Object.entries(texts))(
    'of a definition never exceed 10,000 tokens, nor what was asked for: %s',
    async (_name, text) => {
      const body = `${text} `.repeat(2000);
      const service = {
        getDefinition: async ({ max_tokens = Number.POSITIVE_INFINITY }) => ({
          id: 'a:b',
          kind: 'agent',
          name: 'b',
          path: 'b.md',
          frontmatter: { description: text.repeat(20) },
          body: body.slice(0, max_tokens * 4),
          tokens: 0,
          truncated: true,
        }),
      } as unknown as Service;
      for (const max_tokens of [undefined, 300]) {
        const args = max_tokens === undefined ? { id: 'a:b' } : { id: 'a:b', max_tokens };
        const { content, structuredContent } = await callTool(
          service,
          'get_definition',
          'getDefinition',
          args,
          {},
        );
        const [part] = content;
        const most = max_tokens ?? 10_000;
        expect(count(part?.type === 'text' ? part.text : '')).toBeLessThanOrEqual(most);
        expect(count(JSON.stringify(structuredContent))).toBeLessThanOrEqual(most);
      }
    },
  );

  it.skipIf(!existsSync(corpora))(
    'fit over real collections (skipped where ../shared is absent)',
    async () => {
      const { app, close } = await openApp({ roots: [join(corpora, 'wshobson+agents')] });
      const entries = app.catalogue.current().entries('agent').slice(0, 60);
      for (const { description, root, path } of entries) {
        const { agents, ...rest } = await app.service.queryAgents({
          context: description.slice(0, 200),
          limit: 3,
        });
        const answer = briefHits({ agents, ...rest }, 'agents');
        expect(count(JSON.stringify(answer))).toBeLessThanOrEqual(120);
        const text = readFileSync(join(root, path), 'utf8');
        expect(count(text)).toBeLessThanOrEqual(boundTokens(text));
      }
      await close();
    },
  );
});
