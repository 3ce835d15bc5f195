import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type RunningApp } from '../../test/contract/running-app.ts';
import { roster } from '../../test/contract/service.contract.ts';
import { registrySchema } from '../protocol/registry.ts';
import { registryOf } from './registry.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await openApp({ roots: [roster] });
});
afterAll(() => running.close());

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the registry a client embeds', () => {
  it('holds every definition and role in the form clients read', () => {
    const snapshot = running.app.catalogue.current();
    const registry = registrySchema.parse(registryOf(snapshot));
    expect(registry.agents.map(({ id }) => id)).toEqual(snapshot.entries('agent').map(({ id }) => id));
    expect(Object.keys(registry.roles)).toEqual(snapshot.roles.all.map(({ name }) => name));
    expect(registry.revision).toBe(snapshot.revision);
  });

  it('says less the less room there is, and never more than that', () => {
    const snapshot = running.app.catalogue.current();
    const whole = bytesOf(registryOf(snapshot));
    for (const share of [0.9, 0.6, 0.4, 0.2]) {
      const registry = registryOf(snapshot, Math.floor(whole * share));
      expect(bytesOf(registry)).toBeLessThanOrEqual(whole * share);
      expect(registrySchema.safeParse(registry).success).toBe(true);
    }
  });
});
