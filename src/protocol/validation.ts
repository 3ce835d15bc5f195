/** Parameters against the method table: what is wrong with them in sentences, each naming the field. */
import type * as z from 'zod';
import { CallsheetError } from './errors.ts';
import { type MethodName, methods } from './methods.ts';

/** Faults reported at most; hostile input must not make a long answer. */
const MOST_FAULTS = 20;

/**
 * The parameters as the method's schema has them; absent ones are `{}`.
 * @throws CallsheetError `invalid_params` with `data.validation_errors`
 */
export function parseParams(method: MethodName, params: unknown): unknown {
  if (Array.isArray(params)) {
    throw invalidParams(['params must be an object with named members, not a list']);
  }
  const { params: schema } = methods[method];
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  throw invalidParams(parsed.error.issues.flatMap((issue) => sentencesOf(issue, membersOf(schema))));
}

function invalidParams(faults: readonly string[]): CallsheetError {
  const validation_errors = faults.slice(0, MOST_FAULTS);
  return new CallsheetError('invalid_params', `Invalid params: ${validation_errors[0]}`, {
    validation_errors,
  });
}

function membersOf(schema: z.ZodType): readonly string[] {
  const { shape } = schema as { shape?: Record<string, unknown> };
  return Object.keys(shape ?? {});
}

function sentencesOf(issue: z.core.$ZodIssue, members: readonly string[]): string[] {
  const field = issue.path.length > 0 ? pathOf(issue.path) : 'params';
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = members.length > 0 ? `it takes ${members.join(', ')}` : 'it takes none';
      return issue.keys.map((key) => `${clip(pathOf([...issue.path, key]))} is not a member; ${known}`);
    }
    case 'invalid_type':
      return [`${field} must be ${article(issue.expected)}`];
    case 'invalid_value':
      return [`${field} must be one of ${issue.values.map(String).join(', ')}`];
    case 'too_big':
      return [`${field} must be at most ${issue.maximum}${unitOf(issue.origin)}`];
    case 'too_small':
      return [`${field} must be at least ${issue.minimum}${unitOf(issue.origin)}`];
    default:
      return [`${field}: ${issue.message}`];
  }
}

/** `dependencies.tester[0]` */
function pathOf(path: readonly PropertyKey[]): string {
  return clip(
    path
      .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
      .join(''),
  );
}

function clip(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}
