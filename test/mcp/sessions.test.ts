/** Every way in: both eras of the protocol, over HTTP, over a pipe to a running server, over a pipe without one. */
import type { Client } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type RunningApp } from '../contract/running-app.ts';
import { roster } from '../contract/service.contract.ts';
import {
  type Era,
  newClient,
  openProject,
  overHttp,
  overStdio,
  type Project,
  type Serving,
  serve,
} from './session.ts';

interface Ways {
  readonly project: Project;
  readonly served: Serving;
  readonly alone: Project;
  readonly here: RunningApp;
}

const ways: Readonly<Record<string, (era: Era, around: Ways, said: string[]) => Promise<Client>>> = {
  'over HTTP': (era, { served }) => overHttp(served.url, newClient(era)),
  'over HTTP, served by this process': (era, { here }) => overHttp(here.url, newClient(era)),
  'over a pipe to the running server': (era, { project }, said) => overStdio(project, newClient(era), said),
  'over a pipe without a server': (era, { alone }, said) => overStdio(alone, newClient(era), said),
};

let around: Ways;

beforeAll(async () => {
  const [project, alone] = await Promise.all([openProject(), openProject()]);
  const here = await openApp({ roots: [roster], listen: true });
  around = { project, alone, here, served: await serve(project) };
});

afterAll(async () => {
  await around.served.stop();
  await around.here.close();
  await Promise.all([around.project.remove(), around.alone.remove()]);
});

for (const [way, connect] of Object.entries(ways)) {
  for (const era of ['legacy', 'modern'] as const) {
    describe(`a ${era} session ${way}`, () => {
      let client: Client;
      const said: string[] = [];
      beforeAll(async () => {
        client = await connect(era, around, said);
      });
      afterAll(() => client.close());

      it('agrees on the revision and brings instructions', () => {
        expect(client.getNegotiatedProtocolVersion()).toBe(era === 'legacy' ? '2025-11-25' : '2026-07-28');
        expect(client.getInstructions()).toContain('find_agents');
      });

      it('lists six tools', async () => {
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toEqual([
          'find_agents',
          'find_skills',
          'find_workflows',
          'get_definition',
          'plan_goal',
          'record_outcome',
        ]);
        expect(tools[0]?._meta).toEqual({ 'anthropic/alwaysLoad': true });
        for (const { inputSchema, outputSchema, annotations } of tools) {
          expect(inputSchema.type).toBe('object');
          expect(outputSchema?.type).toBe('object');
          expect(annotations?.openWorldHint).toBe(false);
        }
      });

      it('finds an agent, briefly, in content and structuredContent alike', async () => {
        const found = await client.callTool({
          name: 'find_agents',
          arguments: { context: 'our SQL queries are slow, add an index' },
        });
        const answer = found.structuredContent as { agents: Record<string, string>[] };
        expect(Object.keys(answer).sort()).toEqual(['agents', 'confidence', 'route_id']);
        expect(answer.agents[0]?.id).toBe('api:database-tuner');
        for (const hit of answer.agents) expect(Object.keys(hit).sort()).toEqual(['description', 'id']);
        expect(JSON.parse((found.content[0] as { text: string }).text)).toEqual(answer);
      });

      it('says everything when asked for it', async () => {
        const found = await client.callTool({
          name: 'find_agents',
          arguments: { capability: 'react', detail: 'full', limit: 1 },
        });
        const { agents, reasoning } = found.structuredContent as { agents: object[]; reasoning: string };
        expect(agents[0]).toMatchObject({
          id: 'web:react-specialist',
          model: 'haiku',
          also: ['website:react-specialist'],
        });
        expect(reasoning).toContain('Searched');
      });

      it('opens a definition', async () => {
        const opened = await client.callTool({
          name: 'get_definition',
          arguments: { id: 'web:react-specialist' },
        });
        expect(opened.structuredContent).toMatchObject({
          id: 'web:react-specialist',
          kind: 'agent',
          truncated: false,
          frontmatter: { model: 'haiku' },
        });
        expect((opened.content[0] as { text: string }).text).toContain('## How you work\n\nMeasure');
      });

      it('refuses what it cannot use with words that say how to mend it', async () => {
        const refused = await client.callTool({ name: 'find_agents', arguments: { contxt: 'x', limit: 99 } });
        expect(refused.isError).toBe(true);
        expect((refused.content[0] as { text: string }).text).toMatch(
          /limit: must be at most 20[\s\S]*did you mean "context"/,
        );
        const unknown = await client.callTool({
          name: 'get_definition',
          arguments: { id: 'react-specialst' },
        });
        expect(unknown.isError).toBe(true);
        expect((unknown.content[0] as { text: string }).text).toContain('react-specialist');
      });

      it('lists and reads resources', async () => {
        const { resources } = await client.listResources();
        expect(resources.map(({ uri }) => uri)).toContain('workflow://api/release%2Fcut');
        const { contents } = await client.readResource({ uri: 'agent://project/release-manager' });
        expect(contents[0]).toMatchObject({
          uri: 'agent://project/release-manager',
          mimeType: 'text/markdown',
        });
        expect((contents[0] as { text: string }).text).toMatch(
          /^---\nname: "release-manager"[\s\S]*\n---\n\nYou know/,
        );
        const nested = await client.readResource({ uri: 'workflow://api/release%2Fcut' });
        expect((nested.contents[0] as { text: string }).text).toContain('release notes');
        await expect(client.readResource({ uri: 'agent://web/nobody' })).rejects.toThrow();
      });

      it('completes ids', async () => {
        const { resourceTemplates } = await client.listResourceTemplates();
        expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
          expect.arrayContaining(['agent://{plugin}/{name}', 'workflow://{plugin}/{name}']),
        );
        const ref = { type: 'ref/resource', uri: 'agent://{plugin}/{name}' } as const;
        const plugins = await client.complete({ ref, argument: { name: 'plugin', value: 'we' } });
        expect(plugins.completion.values).toEqual(['web', 'website']);
        const names = await client.complete({
          ref,
          argument: { name: 'name', value: '' },
          context: { arguments: { plugin: 'api' } },
        });
        expect(names.completion.values).toEqual(['api-designer', 'database-tuner']);
      });

      it('gives workflows as prompts', async () => {
        const { prompts } = await client.listPrompts();
        expect(prompts.find(({ name }) => name === 'web:build-page')?.arguments).toEqual([
          { name: 'arguments', description: '<name of the page>', required: false },
        ]);
        const { messages } = await client.getPrompt({
          name: 'web:build-page',
          arguments: { arguments: 'pricing' },
        });
        const content = messages[0]?.content as { text: string };
        expect(content.text).toContain('Use the css-stylist agent');
        expect(content.text).toContain('Arguments: pricing');
        await expect(client.getPrompt({ name: 'web:nothing' })).rejects.toThrow(/web:nothing/);
      });

      it('serves skills by the extension', async () => {
        const skills = new SkillsClient(client);
        expect(skills.supported).toBe(true);
        const listed = await skills.list();
        const uris = listed.skills.map(({ uri }) => uri);
        expect(uris).toContain('skill://api/contract-testing/SKILL.md');
        expect(uris).toContain('skill://project/commit-messages/SKILL.md');
        const { skill } = await skills.get('skill://api/contract-testing/SKILL.md');
        expect(skill.frontmatter).toMatchObject({ name: 'contract-testing', category: 'testing' });
        const file = await skills.read(skill);
        expect(JSON.stringify(file)).toContain('One suite, run against both sides.');
        const { resources } = await skills.readDirectory('skill://api/contract-testing');
        expect(resources.map(({ name }) => name)).toEqual(['SKILL.md']);
      });

      it('is answered by whom it should be', () => {
        const whom = {
          'over HTTP': [],
          'over HTTP, served by this process': [],
          'over a pipe to the running server': [around.served.url],
        }[way];
        for (const name of whom ?? ['this process'])
          expect(said.join('')).toContain(`answers come from ${name}`);
      });
    });
  }
}
