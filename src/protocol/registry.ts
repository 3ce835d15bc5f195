/**
 * The embedded registry: the little of a catalogue that a client keeps to answer while the server is away.
 *
 * Written by the server after each index beside its state file, read by `client/`; at most 64 KB as JSON.
 */
import * as z from 'zod';

/** Bytes of a registry's JSON at most. */
export const REGISTRY_BYTES = 64 * 1024;

const strings = z.array(z.string());

/** One definition: what a hit at detail `brief` shows. Short member names, since there are hundreds. */
const registryEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  plugin: z.string().optional(),
  model: z.string().optional(),
  capabilities: strings.optional(),
  category: z.string().optional(),
  arguments: z.string().optional(),
  /** Workflows: ids of the agents they name. */
  agents: strings.optional(),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;

export const registrySchema = z.object({
  format: z.literal('callsheet-registry-1'),
  /** Revision of the catalogue it was made from. */
  revision: z.string(),
  agents: z.array(registryEntrySchema),
  skills: z.array(registryEntrySchema),
  workflows: z.array(registryEntrySchema),
  /** Role → ids of agents, the primary first. */
  roles: z.record(z.string(), strings),
});
export type Registry = z.infer<typeof registrySchema>;
