import { describe, expect, it } from 'vitest';
import * as api from './index.ts';

describe('the public API', () => {
  it('exports just these names', () => {
    expect(Object.keys(api).sort()).toEqual([
      'CallsheetError',
      'ConfigError',
      'createApp',
      'errors',
      'methodNames',
      'methods',
      'readConfig',
    ]);
  });
});
