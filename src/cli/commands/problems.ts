/**
 * `callsheet problems`: the files that could not be read cleanly, with cause and remedy. Reads the catalogue itself,
 * so that it answers the same whether a server runs or not.
 */
import type { Problem } from '../../catalog/snapshot.ts';
import { type Command, exitCodes, flagOption, jsonOption, placeOptions } from '../command.ts';
import { targetOf } from '../daemon-options.ts';
import { readCatalogue } from '../offline-catalogue.ts';

export const problems: Command = {
  name: 'problems',
  summary: 'list the files that could not be read cleanly, with the remedy',
  usage: '[options]',
  examples: ['callsheet problems', 'callsheet problems --root ./plugins --json'],
  options: { ...placeOptions, ...jsonOption },
  async run(invocation) {
    const { snapshot } = await readCatalogue(targetOf(invocation).config);
    const found = snapshot.problems;
    const lines = flagOption(invocation, 'json') ? [JSON.stringify(found, null, 2)] : report(found);
    for (const line of lines) invocation.out.line(line);
    return exitCodes.ok;
  },
};

function report(found: readonly Problem[]): string[] {
  if (found.length === 0) return ['No problems: every file could be read cleanly.'];
  const roots = new Set(found.map(({ root }) => root));
  const lines = found.flatMap(({ root, file, line, cause, remedy }) => [
    `${roots.size > 1 ? `${root}/` : ''}${file}${line === undefined ? '' : `:${line}`}`,
    `    ${cause} ${remedy}`,
  ]);
  return [...lines, '', `${found.length} ${found.length === 1 ? 'problem' : 'problems'}`];
}
