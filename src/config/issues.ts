import type { z } from 'zod';
import type { Path } from './read-yaml.ts';
import { configJsonSchema } from './schema.ts';
import { suggestion } from './suggest.ts';

type Issue = z.core.$ZodIssue;
export type PathProblem = { path: Path; message: string };

/** What is wrong, in words that name the path. Never repeats a value that may hold a password. */
export function problemsOfIssue(issue: Issue, data: unknown): PathProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `${pathText([...issue.path, key])}: unknown key${suggestion(key, known)}`,
    }));
  }
  const value = valueAt(data, issue.path);
  const label = issue.path.length === 0 ? '' : `${pathText(issue.path)}: `;
  return [{ path: issue.path, message: `${label}${wordsFor(issue, value)}` }];
}

/** `people[0].name` or `environments.staging.tier`. */
export function pathText(path: Path): string {
  return path
    .map((segment, index) =>
      typeof segment === 'number' ? `[${segment}]` : `${index === 0 ? '' : '.'}${String(segment)}`,
    )
    .join('');
}

function wordsFor(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value') {
    const expected = issue.values.map((each) => JSON.stringify(each)).join(' or ');
    return value === undefined
      ? `is missing: expected ${expected}`
      : `expected ${expected}, got ${shown(value)}`;
  }
  if (issue.code === 'invalid_type') {
    const expected = typeNames[issue.expected] ?? issue.expected;
    if (value === undefined) return `is missing: expected ${expected}`;
    const scalar = ['number', 'int', 'boolean'].includes(issue.expected);
    return `expected ${expected}, got ${scalar ? shown(value) : kindOf(value)}`;
  }
  if (issue.code === 'too_small' && issue.origin !== 'array' && issue.origin !== 'string') {
    return `expected at least ${issue.minimum}, got ${shown(value)}`;
  }
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}, got ${shown(value)}`;
  return issue.message;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? kindOf(value) : JSON.stringify(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'a mapping'
  );
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  );
}

function knownKeys(path: Path): string[] {
  type Schema = { properties?: Record<string, Schema>; additionalProperties?: Schema; items?: Schema };
  const schema = path.reduce<Schema | undefined>(
    (at, key) =>
      typeof key === 'number' ? at?.items : (at?.properties?.[String(key)] ?? at?.additionalProperties),
    configJsonSchema() as Schema,
  );
  return Object.keys(schema?.properties ?? {});
}
