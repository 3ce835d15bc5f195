/** The whole command line: `dist/cli.js`. */
import { runProcess } from './process.ts';
import { commandTable } from './table.ts';

export async function run(): Promise<void> {
  await runProcess(commandTable);
}
