/**
 * Parameters as they came → parameters as the method's schema has them, or an error that says in plain words what
 * to mend: one sentence a fault, each naming its field.
 */
import type * as z from 'zod';
import { CallsheetError } from './errors.ts';
import { type MethodName, methods, type Params } from './methods.ts';

/** Faults named at most: a caller mends a few at a time, and hostile input has no end of them. */
const MOST_FAULTS = 20;
/** Longest piece of the caller's own text that is shown back. */
const LONGEST_ECHO = 60;

type Issue = z.core.$ZodIssue;

/** The name that was meant, for "did you mean": `search/nearest-name.ts` has one. */
export type NearestName = (typed: string, names: readonly string[]) => string | undefined;

/** @throws CallsheetError `invalid_params` with `data.validation_errors`. */
export function validate<M extends MethodName>(
  method: M,
  params: unknown,
  nearestName: NearestName,
): Params<M> {
  if (Array.isArray(params)) {
    throw invalid(['params: must be an object with named members, not a list']);
  }
  const given = params ?? {};
  const parsed = methods[method].params.safeParse(given);
  // The schema was looked up by M: what it gives are the parameters of M.
  if (parsed.success) return parsed.data as Params<M>;
  const faults = parsed.error.issues.flatMap((issue) => sentences(issue, method, given, nearestName));
  throw invalid(faults.slice(0, MOST_FAULTS));
}

function invalid(faults: readonly string[]): CallsheetError {
  return new CallsheetError('invalid_params', undefined, { validation_errors: faults });
}

function sentences(issue: Issue, method: MethodName, given: unknown, nearestName: NearestName): string[] {
  const field = fieldOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${field ? `${field}.` : ''}${echo(key)}: ${unknownMember(key, method, nearestName)}`,
    );
  }
  return [`${field || 'params'}: ${complaint(issue, valueAt(given, issue.path), nearestName)}`];
}

/** `dependencies.reviewer[0]` */
function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${echo(String(part))}`))
    .join('');
}

function unknownMember(key: string, method: MethodName, nearestName: NearestName): string {
  const known = Object.keys(methods[method].params.shape);
  const near = nearestName(key, known);
  if (near !== undefined) return `unknown member; did you mean "${near}"?`;
  return known.length > 0
    ? `unknown member; ${method} takes ${known.join(', ')}`
    : `unknown member; ${method} takes none`;
}

function complaint(issue: Issue, value: unknown, nearestName: NearestName): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? 'is required'
        : `must be ${typeNames[issue.expected] ?? issue.expected}, not ${typeOf(value)}`;
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum));
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum));
    case 'invalid_value':
      return oneOf(issue.values.map(String), value, nearestName);
    case 'invalid_key':
      return 'its name must not be empty or too long';
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return String(value);
  return (
    { string: 'a text', boolean: 'true or false', object: 'an object' }[typeof value as string] ??
    typeof value
  );
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === 'string' || origin === 'array') {
    return minimum <= 1 ? 'must not be empty' : `must have at least ${amount(origin, minimum)}`;
  }
  return `must be at least ${minimum}`;
}

function tooBig(origin: string, maximum: number): string {
  return origin === 'string' || origin === 'array'
    ? `must have at most ${amount(origin, maximum)}`
    : `must be at most ${maximum}`;
}

function amount(origin: string, size: number): string {
  // By hand: `toLocaleString` would load eight megabytes of tables.
  const digits = String(size).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${origin === 'string' ? 'characters' : 'items'}`;
}

function oneOf(values: readonly string[], value: unknown, nearestName: NearestName): string {
  if (value === undefined) return `is required: one of ${values.join(', ')}`;
  const near = typeof value === 'string' ? nearestName(value.slice(0, LONGEST_ECHO), values) : undefined;
  return `must be one of ${values.join(', ')}${near ? `; did you mean "${near}"?` : ''}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

/** The caller's own text, cut; what is no plain name stands in quotes, control characters escaped. */
function echo(text: string): string {
  const short = text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO)}…` : text;
  return /^[\w$-]+…?$/.test(short) ? short : JSON.stringify(short);
}
