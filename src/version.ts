/** The version of this build: written in by the bundler, read from package.json when run from source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

declare const CALLSHEET_VERSION: string | undefined;

export function readVersion(): string {
  if (typeof CALLSHEET_VERSION === 'string') return CALLSHEET_VERSION;
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  );
  return manifest.version;
}
