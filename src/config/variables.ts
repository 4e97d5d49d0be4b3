import { isObject } from '../domain/json.ts';
import type { ConfigProblem } from './problem.ts';
import type { Path } from './read-yaml.ts';
import { readYaml } from './read-yaml.ts';
import { configJsonSchema } from './schema.ts';
import { nearest } from './suggest.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Schema = { type?: string; properties?: Record<string, Schema>; additionalProperties?: Schema | false };
export type Variables = {
  data: unknown;
  problems: ConfigProblem[];
  warnings: string[];
  /** The variable that set the value at a path, if one did. */
  variableAt(path: Path): string | undefined;
};

/** Names that other programs use for the same; the one that begins with REIGN_ wins. */
const usualNames: Readonly<Record<string, string>> = {
  REIGN_DATABASE_URL: 'DATABASE_URL',
  REIGN_REDIS_URL: 'REDIS_URL',
  REIGN_SERVER_PORT: 'PORT',
};
/** Read outside this file. */
const otherNames = [
  'REIGN_CONFIG',
  'REIGN_DATA_DIR',
  'REIGN_ROLE',
  'REIGN_TEAMS_UNAUTHENTICATED',
  'REIGN_TEAMS_OPENID_METADATA_URL',
  'REIGN_TEAMS_GRAPH_URL',
  'REIGN_ALERTS_TOKEN',
  'REIGN_OIDC_CLIENT_SECRET',
];

/**
 * Lays variables over what a file said: `REIGN_` and the path in upper snake case (`approvals.expireAfter` is
 * `REIGN_APPROVALS_EXPIRE_AFTER`). Lists are written with commas, or like mappings as YAML or JSON.
 */
export function applyVariables(data: unknown, env: Environment): Variables {
  const problems: ConfigProblem[] = [];
  const sources = new Map<string, string>();
  const known = new Set(otherNames);
  let result = data;
  const visit = (schema: Schema, path: readonly string[]) => {
    const variable = variableName(path);
    known.add(variable);
    const used = [variable, usualNames[variable]].find((name) => name !== undefined && env[name]);
    if (used !== undefined) {
      const value = readValue(env[used] ?? '', schema, used, problems);
      result = withValue(result, path, value);
      sources.set(path.join('\0'), used);
    }
    for (const [key, below] of Object.entries(schema.properties ?? {})) visit(below, [...path, key]);
    const { additionalProperties } = schema;
    if (typeof additionalProperties !== 'object') return;
    for (const key of keysAt(result, path))
      if (!Object.hasOwn(schema.properties ?? {}, key)) visit(additionalProperties, [...path, key]);
  };
  if (isObject(data)) {
    for (const [key, below] of Object.entries((configJsonSchema() as Schema).properties ?? {}))
      visit(below, [key]);
  }
  return {
    data: result,
    problems,
    warnings: unknownVariables(env, [...known]),
    variableAt: (path) => variableOf(sources, path),
  };
}

/** `approvals.expireAfter` → `REIGN_APPROVALS_EXPIRE_AFTER`. */
export function variableName(path: readonly PropertyKey[]): string {
  const words = path.map((segment) =>
    String(segment)
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/[^A-Za-z0-9]/g, '_'),
  );
  return ['REIGN', ...words].join('_').toUpperCase();
}

function readValue(text: string, { type }: Schema, variable: string, problems: ConfigProblem[]): unknown {
  if (type === 'string') return text;
  if (type === 'array' && !/^\s*[[-]/.test(text)) return text.split(',').map((item) => item.trim());
  const read = readYaml(text, variable);
  for (const { message } of read.problems)
    problems.push({ source: { kind: 'variable', name: variable }, message });
  return read.data;
}

/** A copy with one value replaced; mappings on the way are made where there are none. */
function withValue(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const here = isObject(data) ? data : {};
  return { ...here, [key]: withValue(here[key], rest, value) };
}

function keysAt(data: unknown, path: readonly string[]): string[] {
  const found = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), data);
  return isObject(found) ? Object.keys(found) : [];
}

function variableOf(sources: ReadonlyMap<string, string>, path: Path): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const variable = sources.get(path.slice(0, length).map(String).join('\0'));
    if (variable !== undefined) return variable;
  }
  return undefined;
}

function unknownVariables(env: Environment, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('REIGN_') && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known);
      const near = meant !== undefined && Math.abs(meant.length - name.length) <= 2;
      return near ? [`${name} is set, which Reign does not know. Did you mean ${meant}?`] : [];
    });
}
