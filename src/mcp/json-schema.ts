/**
 * JSON Schema of the method table, as small as a model needs it: types, choices, ranges and what is required.
 *
 * Lengths, closedness and defaults are left out: the service checks them anyway and says in plain words what is wrong.
 */
import * as z from 'zod';

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: string[];
  readonly [member: string]: unknown;
}

const dropped: ReadonlySet<string> = new Set([
  '$schema',
  'additionalProperties',
  'propertyNames',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
]);

/** @param hints a few words for members whose names do not say enough */
export function compactSchema(
  schema: z.ZodObject,
  hints: Readonly<Record<string, string>> = {},
): ObjectSchema {
  const whole = compact(z.toJSONSchema(schema, { io: 'input' })) as ObjectSchema;
  const properties = Object.fromEntries(
    Object.entries(whole.properties).map(([name, property]) => [
      name,
      hints[name] === undefined ? property : { ...property, description: hints[name] },
    ]),
  );
  return { ...whole, properties };
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, member]) => !dropped.has(key) && !isWide(key, member));
  return Object.fromEntries(kept.map(([key, member]) => [key, compact(member)]));
}

/** Bounds that bound nothing a model would think of. */
function isWide(key: string, value: unknown): boolean {
  return (key === 'maximum' && Number(value) > 100) || (key === 'minimum' && value === 0);
}
