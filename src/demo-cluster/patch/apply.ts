import { ApiFailure, type Cause } from '../failure.ts';
import { clone, isObject, type JsonObject } from '../json.ts';
import type { ListSchema, Schema } from '../schema/schema.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { fieldsOf, innerSchema, isAssociative, itemStep, pathText, stepsOf } from './field-set.ts';
import { isSameWriter, type Owned, readOwned, type Writer, withOwner } from './managed-fields.ts';

interface ApplyOptions {
  schema: Schema;
  writer: Writer;
  force: boolean;
  now: string;
}

/**
 * Server-side apply: merges the configuration into the live object, takes away what this manager applied
 * before and no longer names (unless others own it too), and refuses fields that others own with other
 * values, unless forced.
 */
export function applyConfiguration(live: KubeObject, config: JsonObject, options: ApplyOptions): KubeObject {
  const { schema, writer, force, now } = options;
  const status = writer.subresource === 'status';
  const applied = fieldsOf(config, schema, { containers: false, status });
  const current = fieldsOf(live, schema, { containers: true, status });
  const changed = [...applied].filter(([path, value]) => current.get(path) !== value).map(([path]) => path);
  const owned = readOwned(live);
  const others = owned.filter(({ entry }) => !isSameWriter(entry, writer));
  const conflicts = others.flatMap(({ entry, paths }) =>
    changed.filter((path) => paths.has(path)).map((path) => ({ entry, path })),
  );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  for (const { paths } of others)
    for (const path of changed) if (applied.get(path) !== '') paths.delete(path);

  const result = clone(live);
  const own = owned.find(({ entry }) => isSameWriter(entry, writer));
  const dropped = [...(own?.paths ?? [])].filter((path) => !applied.has(path) && !isOwnedBy(others, path));
  for (const path of dropped.sort((left, right) => right.length - left.length))
    removePath(result, path, schema);
  const merged = mergeConfig(result, withoutIdentity(config, status), schema) as unknown as KubeObject;
  const managedFields = withOwner(owned, writer, new Set(applied.keys()), live.apiVersion, now);
  return { ...merged, metadata: { ...merged.metadata, managedFields } };
}

/** Whether others own the field or something below it. */
function isOwnedBy(others: Owned[], path: string): boolean {
  return others.some(
    ({ paths }) => paths.has(path) || [...paths].some((each) => each.startsWith(`${path}\u0001`)),
  );
}

function withoutIdentity(config: JsonObject, status: boolean): JsonObject {
  if (status) return { status: config.status };
  const { apiVersion: _version, kind: _kind, status: _status, ...rest } = config;
  if (!isObject(rest.metadata)) return rest;
  const {
    name: _name,
    namespace: _namespace,
    uid: _uid,
    resourceVersion: _revision,
    ...metadata
  } = rest.metadata;
  return { ...rest, metadata };
}

function mergeConfig(live: unknown, config: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(config) && schema?.type === 'list' && isAssociative(schema)) {
    return mergeList(Array.isArray(live) ? live : [], config, schema);
  }
  const isAtomic =
    schema === undefined || schema.type === 'any' || ('atomic' in schema && schema.atomic === true);
  if (!isObject(config) || !isObject(live) || isAtomic) return clone(config);
  const result = { ...live };
  for (const [key, value] of Object.entries(config)) {
    if (value === null) delete result[key];
    else result[key] = mergeConfig(live[key], value, innerSchema(schema, key));
  }
  return result;
}

function mergeList(live: unknown[], config: unknown[], schema: ListSchema): unknown[] {
  const result = [...live];
  for (const item of config) {
    const step = itemStep(item, schema);
    const index = result.findIndex((each) => itemStep(each, schema) === step);
    if (index === -1) result.push(clone(item));
    else if (schema.set !== true) result[index] = mergeConfig(result[index], item, schema.items);
  }
  return result;
}

/** Removes one field or list item, and the containers it leaves empty. */
function removePath(root: unknown, path: string, rootSchema: Schema): void {
  const steps = stepsOf(path);
  removeStep(root, 0, rootSchema);

  function removeStep(node: unknown, depth: number, schema: Schema | undefined): void {
    const step = steps[depth] ?? '';
    const isLast = depth === steps.length - 1;
    if (Array.isArray(node) && schema?.type === 'list') {
      const index = node.findIndex((item) => itemStep(item, schema) === step);
      if (index === -1) return;
      if (isLast) node.splice(index, 1);
      else removeStep(node[index], depth + 1, schema.items);
    } else if (isObject(node)) {
      const key = step.slice(2);
      if (isLast) delete node[key];
      else removeStep(node[key], depth + 1, innerSchema(schema, key));
      const inner = node[key];
      if (isObject(inner) ? Object.keys(inner).length === 0 : Array.isArray(inner) && inner.length === 0)
        delete node[key];
    }
  }
}

function applyConflict(conflicts: { entry: ManagedFieldsEntry; path: string }[]): ApiFailure {
  const causes: Cause[] = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: pathText(path),
  }));
  const message = `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}: ${list(causes)}`;
  return new ApiFailure(409, 'Conflict', message, { details: { causes } });
}

function list(causes: Cause[]): string {
  const [only] = causes;
  if (causes.length === 1 && only !== undefined) return `${only.message}: ${only.field}`;
  const messages = [...new Set(causes.map((cause) => cause.message))].sort();
  return messages
    .map((message) => {
      const fields = causes.filter((cause) => cause.message === message).map((cause) => `- ${cause.field}`);
      return [`${message.replace('conflict', 'conflicts')}:`, ...fields].join('\n');
    })
    .join('\n');
}

function managerText(entry: ManagedFieldsEntry): string {
  const subresource = entry.subresource === undefined ? '' : ` with subresource "${entry.subresource}"`;
  return `"${entry.manager}"${subresource}${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`;
}
