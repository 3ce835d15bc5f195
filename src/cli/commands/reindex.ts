/** `callsheet reindex`: reads the catalogue again, in the running server where there is one, and says what changed. */
import { type Command, exitCodes, flagOption, jsonOption, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { readCatalogue } from '../offline-catalogue.ts';
import { serverFor } from '../remote.ts';

export const reindex: Command = {
  name: 'reindex',
  summary: 'read the catalogue again and say what changed',
  usage: '[options]',
  examples: ['callsheet reindex', 'callsheet reindex --json'],
  options: { ...placeOptions, ...jsonOption },
  async run(invocation) {
    const target = targetOf(invocation);
    const server = await serverFor(target);
    const result = server ? await server.call('reindex', {}) : (await readCatalogue(target.config)).result;
    if (flagOption(invocation, 'json')) {
      invocation.out.line(JSON.stringify(result, null, 2));
      return exitCodes.ok;
    }
    const { agents, skills, workflows, roles, added, changed, removed, problems, duration_ms } = result;
    const time = `${Math.round(duration_ms)} ms`;
    invocation.out.line(
      `${agents} agents, ${skills} skills, ${workflows} workflows, ${roles} roles in ${time}`,
    );
    invocation.out.line(
      server
        ? `${added} added, ${changed} changed, ${removed} removed in the server at ${server.url}`
        : 'No server runs here; the next one starts from what was read now.',
    );
    if (problems > 0) invocation.out.line(`problems: ${problems}, see "callsheet problems"`);
    return exitCodes.ok;
  },
};
