import { isObject, type JsonObject, stableText } from '../json.ts';
import type { ListSchema, Schema } from '../schema/schema.ts';

/**
 * The fields of an object as server-side apply counts them. A field is written as its steps in the form of
 * FieldsV1 (`f:name`, `k:{"name":"web"}`, `v:"x"`), joined by a separator; its value is the text of a leaf,
 * and empty for a container that is itself a member.
 */
export type FieldSet = Map<string, string>;

const separator = '\u0001';
const notOwned = new Set(['apiVersion', 'kind', 'status']);
const notOwnedMetadata = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'];
const neverOwned = new Set([...notOwnedMetadata, 'selfLink', 'managedFields', 'deletionTimestamp']);

/** The fields of an object; `containers` also counts maps and lists as members, as ownership by update does. */
export function fieldsOf(
  object: JsonObject,
  schema: Schema,
  options: { containers: boolean; status: boolean },
): FieldSet {
  const set: FieldSet = new Map();
  const fields = schema.type === 'object' ? schema.fields : {};
  for (const [key, value] of Object.entries(object)) {
    if (notOwned.has(key) ? !(options.status && key === 'status') : options.status) continue;
    if (key !== 'metadata') collect(value, fields[key], [`f:${key}`], set, options.containers);
    else if (isObject(value)) collectMetadata(value, fields.metadata, set, options.containers);
  }
  return set;
}

function collectMetadata(
  metadata: JsonObject,
  schema: Schema | undefined,
  set: FieldSet,
  containers: boolean,
): void {
  const fields = schema?.type === 'object' ? schema.fields : {};
  for (const [key, value] of Object.entries(metadata)) {
    if (neverOwned.has(key) || key === 'deletionGracePeriodSeconds') continue;
    collect(value, fields[key], ['f:metadata', `f:${key}`], set, containers);
  }
}

function collect(
  value: unknown,
  schema: Schema | undefined,
  path: string[],
  set: FieldSet,
  containers: boolean,
): void {
  if (value === undefined || value === null) return;
  if (isObject(value) && isGranular(schema) && Object.keys(value).length > 0) {
    if (containers && schema?.type === 'map') set.set(path.join(separator), '');
    for (const [key, item] of Object.entries(value)) {
      collect(item, innerSchema(schema, key), [...path, `f:${key}`], set, containers);
    }
  } else if (Array.isArray(value) && schema?.type === 'list' && value.length > 0 && isAssociative(schema)) {
    if (containers) set.set(path.join(separator), '');
    for (const item of value) {
      const step = itemStep(item, schema);
      set.set([...path, step].join(separator), '');
      if (schema.set !== true) collect(item, schema.items, [...path, step], set, containers);
    }
  } else set.set(path.join(separator), stableText(value));
}

function isGranular(schema: Schema | undefined): boolean {
  if (schema === undefined || schema.type === 'any') return false;
  return !((schema.type === 'object' || schema.type === 'map') && schema.atomic === true);
}

export function isAssociative(schema: ListSchema): boolean {
  return schema.keys !== undefined || schema.set === true;
}

/** The schema of a field of an object or map. */
export function innerSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'object') return schema.fields[key];
  return schema?.type === 'map' ? schema.values : undefined;
}

/** The step that names an item of an associative list. */
export function itemStep(item: unknown, schema: ListSchema): string {
  if (schema.keys === undefined || !isObject(item)) return `v:${JSON.stringify(item)}`;
  const names = schema.keys.map((key) => [key, item[key] ?? (key === 'protocol' ? 'TCP' : undefined)]);
  return `k:${stableText(Object.fromEntries(names))}`;
}

export function stepsOf(path: string): string[] {
  return path.split(separator);
}

/** The set in the nested form of `managedFields[].fieldsV1`. */
export function toFieldsV1(paths: Iterable<string>): JsonObject {
  const root: JsonObject = {};
  const members: JsonObject[] = [];
  for (const path of paths) {
    let node = root;
    for (const step of stepsOf(path)) {
      const next = isObject(node[step]) ? node[step] : {};
      node[step] = next;
      node = next;
    }
    members.push(node);
  }
  for (const node of members) if (Object.keys(node).length > 0) node['.'] = {};
  return root;
}

/** The paths of a nested `fieldsV1`. */
export function fromFieldsV1(fields: JsonObject): Set<string> {
  const paths = new Set<string>();
  visit(fields, []);
  return paths;

  function visit(node: JsonObject, path: string[]): void {
    const keys = Object.keys(node);
    if (path.length > 0 && (keys.length === 0 || keys.includes('.'))) paths.add(path.join(separator));
    for (const key of keys)
      if (key !== '.' && isObject(node[key])) visit(node[key] as JsonObject, [...path, key]);
  }
}

/** The path as error messages write it: `.spec.containers[name="web"].image`. */
export function pathText(path: string): string {
  return stepsOf(path)
    .map((step) => {
      const rest = step.slice(2);
      if (step.startsWith('f:')) return `.${rest}`;
      if (step.startsWith('v:')) return `[=${rest}]`;
      const names = Object.entries(JSON.parse(rest) as JsonObject);
      return `[${names.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
